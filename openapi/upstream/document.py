"""An OpenAPI description: its operations, and what its references lead to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from attrs import frozen
from openapi.upstream.tree import Tree, as_tree, branch, branches, children, is_tree, word
from referencing import Registry, Resource
from referencing.exceptions import Unresolvable

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
PARAMETER = re.compile(r"{([^{}]*)}")


class BrokenReferenceError(Exception):
    """A reference leads nowhere, out of the description or in a circle."""


@frozen
class Target:
    """What a reference leads to, or the object itself where there is none."""

    node: Tree
    """The object; what stands beside a reference counts more than what it leads to (OpenAPI 3.1)."""
    chain: tuple[Tree, ...]
    """Every object on the way, `node` as it is written last."""
    component: str
    """The reference that leads to it directly, empty if it stands in place."""


@frozen
class Operation:
    """A method on a path."""

    method: str
    path: str
    node: Tree
    item: Tree
    """What stands under the path, for all its methods."""

    @property
    def id(self) -> str:
        """What the description calls it."""
        return word(self.node, "operationId")

    @property
    def label(self) -> str:
        """What people call it: `GET /user/packages`."""
        return f"{self.method} {self.path}"

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same as another: the names of the path's parameters don't count."""
        return self.method, PARAMETER.sub("{}", self.path).rstrip("/")

    @property
    def path_names(self) -> list[str]:
        """The names of the path's parameters in their order."""
        return PARAMETER.findall(self.path)


class Document:
    """An OpenAPI 3 description, as it was read."""

    def __init__(self, contents: Tree) -> None:
        self.contents = contents
        self.siblings_count = not word(contents, "openapi").startswith("3.0")
        registry: Registry[object] = Registry[object]().with_resource("", Resource[object].opaque(contents))
        self._resolver = registry.resolver()
        self._targets: dict[int, tuple[Tree, Target]] = {}

    def target(self, node: Tree) -> Target:
        """Follow the references from an object.

        Raises:
            BrokenReferenceError: one leads nowhere.

        """
        # The object is kept beside its target, so that its id is not given to another.
        _, found = self._targets.get(id(node), (node, None))
        if found is None:
            found = self._follow(node)
            self._targets[id(node)] = node, found
        return found

    def _follow(self, node: Tree) -> Target:
        chain, component, merged = [node], "", dict(node)
        while isinstance(reference := merged.pop("$ref", None), str):
            target = self._lookup(reference)
            if any(target is each for each in chain):
                raise BrokenReferenceError(f"the reference {reference} goes round in a circle")
            chain.append(target)
            component = reference
            merged = {**target, **merged} if self.siblings_count else dict(target)
        return Target(merged if len(chain) > 1 else node, tuple(chain), component)

    def _lookup(self, reference: str) -> Tree:
        try:
            found = self._resolver.lookup(reference).contents
        except (Unresolvable, ValueError, TypeError) as error:
            raise BrokenReferenceError(f"the reference {reference} leads nowhere") from error
        if not is_tree(found):
            raise BrokenReferenceError(f"the reference {reference} leads to no object")
        return as_tree(found)

    def operations(self, wanted: Callable[[str, Tree], bool]) -> Iterator[Operation]:
        """The operations whose path and description the given function wants."""
        for path, value in branch(self.contents, "paths").items():
            item = as_tree(value)
            for method in METHODS:
                node = branch(item, method)
                if node and wanted(path, node):
                    yield Operation(method.upper(), path, node, item)

    def parameters(self, operation: Operation) -> dict[tuple[str, str], Target]:
        """By where they are sent and by name; an operation's own replaces that of its path.

        Raises:
            BrokenReferenceError: a reference leads nowhere.

        """
        nodes = (*branches(operation.item, "parameters"), *branches(operation.node, "parameters"))
        targets = [self.target(each) for each in nodes]
        return {(word(each.node, "in"), word(each.node, "name")): each for each in targets}

    def reach(self, *starts: object) -> Iterator[Tree]:
        """Every object that can be come to from these, each once; examples are left out."""
        seen: set[int] = set()
        waiting = list(starts)
        while waiting:
            value = waiting.pop()
            if id(value) in seen:
                continue
            seen.add(id(value))
            node = as_tree(value)
            if is_tree(value):
                yield node
            if isinstance(reference := node.get("$ref"), str):
                waiting.append(self._lookup(reference))
            waiting.extend(children({k: v for k, v in node.items() if k not in _EXAMPLES} if node else value))

    def cut(self, wanted: Callable[[str, Tree], bool]) -> Tree:
        """The description with nothing but the wanted operations, and the components that they use."""
        paths: dict[str, dict[str, object]] = {}
        for operation in self.operations(wanted):
            shared = {"parameters": operation.item["parameters"]} if "parameters" in operation.item else {}
            paths.setdefault(operation.path, dict(shared))[operation.method.lower()] = operation.node
        components: dict[str, dict[str, object]] = {}
        for node in self.reach(paths):
            reference = node.get("$ref")
            if isinstance(reference, str) and reference.startswith("#/components/"):
                _, _, kind, name, *_ = reference.split("/")
                components.setdefault(kind, {})[name] = branch(branch(self.contents, "components"), kind).get(name)
        return {**self.contents, "paths": paths, "components": components}


_EXAMPLES = ("example", "examples")
