"""Every kind of difference between our description and GitHub's, and what it means for our users.

A difference is named as if ours were the old description and GitHub's the new one: a field that GitHub does not have is
a removed field, even if GitHub never had it. *Breaking* is what makes a program that works today fail, or lack what it
relies on: because GitHub refuses or answers otherwise, or because the typed client, once it follows, no longer accepts
that program. *Additive* is all the rest: nothing that works today stops working. A value of an enum that the client
does not know is given to users as a plain string, keys that it does not know are kept, so both may come at any time.
"""

from __future__ import annotations

from enum import StrEnum

from attrs import frozen


class Judgement(StrEnum):
    """What a difference is."""

    BREAKING = "breaking"
    """Something that works today stops working."""
    ADDITIVE = "additive"
    """Nothing that works today stops working."""
    INTENDED = "intended"
    """Ours by intent: an `x-departure` covers it."""
    NOT_NEEDED = "not-needed"
    """A departure, or a part of one, that GitHub has come to agree with."""
    ERROR = "error"
    """A departure, or a part of one, that concerns nothing that either description has."""


class Side(StrEnum):
    """Whose it is: what is sent must be understood by GitHub, what is received by us."""

    OPERATION = "operation"
    REQUEST = "request"
    RESPONSE = "response"


@frozen
class Rule:
    """What one kind of difference means on one side."""

    kind: str
    side: Side
    judgement: Judgement
    title: str
    means: str
    advice: str


OPERATION, REQUEST, RESPONSE = Side.OPERATION, Side.REQUEST, Side.RESPONSE
BREAKING, ADDITIVE = Judgement.BREAKING, Judgement.ADDITIVE

FOLLOW = "Take it over, and name it in the changelog."
MAJOR = "Follow in a major release, or keep ours and say why in an x-departure."
TOLERATE = "Take it over and release soon: today's client fails on such answers."
TIGHTEN = "Take it over if it is reliable, else keep ours and say why in an x-departure."

RULES = (
    # Operations ---------------------------------------------------------------------------------------------------
    Rule("operation-added", OPERATION, ADDITIVE, "operation added",
         "GitHub offers something that the client can't do yet.", "Add it by the rules of trimming."),
    Rule("operation-removed", OPERATION, BREAKING, "operation removed",
         "Its requests fail where GitHub has switched it off.",
         "Look for its successor; deprecate ours, and remove it in a major release."),
    Rule("operation-moved", OPERATION, BREAKING, "operation moved",
         "Requests to the old path are redirected at best.", "Change the path soon; users' code stays the same."),
    Rule("operation-renamed", OPERATION, ADDITIVE, "operation id changed",
         "Nothing: our ids are our own.", "Write the new id down in openapi/upstream/scope.py."),
    Rule("deprecated", OPERATION, ADDITIVE, "operation deprecated",
         "It still works; GitHub means to end it.", "Mark it deprecated, and tell users what replaces it."),
    Rule("undeprecated", OPERATION, ADDITIVE, "operation no longer deprecated",
         "It stays.", "Take the mark away."),

    # Parameters ---------------------------------------------------------------------------------------------------
    Rule("parameter-added", REQUEST, ADDITIVE, "optional parameter added",
         "Requests without it go on working.", FOLLOW),
    Rule("required-parameter-added", REQUEST, BREAKING, "required parameter added",
         "Requests without it are refused.", "Add it soon, with a default if there is a sensible one."),
    Rule("parameter-removed", REQUEST, BREAKING, "parameter removed",
         "GitHub may ignore or refuse it.", MAJOR),
    Rule("parameter-renamed", REQUEST, BREAKING, "parameter renamed",
         "GitHub may ignore or refuse the old name.", "Send the new name soon; keep our argument's name if possible."),
    Rule("path-parameter-renamed", REQUEST, ADDITIVE, "path parameter renamed",
         "The requests are the same: its name is never sent.",
         "Keep our argument's name, and say why in an x-departure; or follow in a major release."),
    Rule("parameter-made-required", REQUEST, BREAKING, "parameter made required",
         "Requests without it are refused.", "Make it required, or give it a default."),
    Rule("parameter-made-optional", REQUEST, ADDITIVE, "parameter made optional",
         "All requests of today go on working.", FOLLOW),

    # Bodies and statuses ------------------------------------------------------------------------------------------
    Rule("request-body-added", REQUEST, ADDITIVE, "optional request body added",
         "Requests without one go on working.", FOLLOW),
    Rule("required-request-body-added", REQUEST, BREAKING, "required request body added",
         "Requests without one are refused.", "Add it soon."),
    Rule("request-body-removed", REQUEST, BREAKING, "request body removed",
         "GitHub may ignore or refuse it.", MAJOR),
    Rule("request-body-made-required", REQUEST, BREAKING, "request body made required",
         "Requests without one are refused.", "Make it required soon."),
    Rule("request-body-made-optional", REQUEST, ADDITIVE, "request body made optional",
         "All requests of today go on working.", FOLLOW),
    Rule("content-type-added", REQUEST, ADDITIVE, "content type of the request added",
         "All requests of today go on working.", FOLLOW),
    Rule("content-type-removed", REQUEST, BREAKING, "content type of the request removed",
         "Requests of this type are refused.", "Send another type soon."),
    Rule("status-added", RESPONSE, ADDITIVE, "status added",
         "The client raises APIError for it, as it does today.", FOLLOW),
    Rule("success-status-added", RESPONSE, BREAKING, "status of success added",
         "The client takes a success that it does not know for a failure.", TOLERATE),
    Rule("status-removed", RESPONSE, ADDITIVE, "status removed",
         "Nothing: what is no longer sent hurts nobody.", TIGHTEN),
    Rule("success-status-removed", RESPONSE, BREAKING, "status of success removed",
         "GitHub answers otherwise than the client expects.", "Find out what it answers now."),
    Rule("body-added", RESPONSE, ADDITIVE, "body of the response added",
         "The client ignores it so far.", FOLLOW),
    Rule("body-removed", RESPONSE, BREAKING, "body of the response removed",
         "There is nothing to read any more.", MAJOR),
    Rule("content-type-added", RESPONSE, ADDITIVE, "content type of the response added",
         "The type that the client reads is still sent.", TIGHTEN),
    Rule("content-type-removed", RESPONSE, BREAKING, "content type of the response removed",
         "The client can't read what is sent instead.", TOLERATE),

    # What is sent -------------------------------------------------------------------------------------------------
    Rule("field-added", REQUEST, ADDITIVE, "optional field added",
         "Requests without it go on working.", FOLLOW),
    Rule("required-field-added", REQUEST, BREAKING, "required field added",
         "Requests without it are refused.", "Add it soon."),
    Rule("field-removed", REQUEST, BREAKING, "field removed",
         "GitHub may ignore or refuse it.", MAJOR),
    Rule("field-made-required", REQUEST, BREAKING, "field made required",
         "Requests without it are refused.", "Make it required soon."),
    Rule("field-made-optional", REQUEST, ADDITIVE, "field made optional",
         "All requests of today go on working.", FOLLOW),
    Rule("made-nullable", REQUEST, ADDITIVE, "null allowed",
         "All requests of today go on working.", FOLLOW),
    Rule("made-not-null", REQUEST, BREAKING, "null no longer allowed",
         "Requests with null are refused.", MAJOR),
    Rule("type-changed", REQUEST, BREAKING, "type changed",
         "Requests with the old type are refused.", "Send the new type soon."),
    Rule("type-widened", REQUEST, ADDITIVE, "type widened",
         "All requests of today go on working.", FOLLOW),
    Rule("type-narrowed", REQUEST, BREAKING, "type narrowed",
         "Some requests of today are refused.", MAJOR),
    Rule("enum-value-added", REQUEST, ADDITIVE, "enum value added",
         "All requests of today go on working.", FOLLOW),
    Rule("enum-value-removed", REQUEST, BREAKING, "enum value removed",
         "Requests with this value are refused.", MAJOR),
    Rule("enum-opened", REQUEST, ADDITIVE, "enum given up",
         "All requests of today go on working.", FOLLOW),
    Rule("enum-closed", REQUEST, BREAKING, "values restricted to an enum",
         "Requests with other values are refused.", MAJOR),
    Rule("default-added", REQUEST, ADDITIVE, "default added",
         "All requests of today go on working.", FOLLOW),
    Rule("default-changed", REQUEST, BREAKING, "default changed",
         "Who leaves the parameter out gets something else.", MAJOR),
    Rule("default-removed", REQUEST, BREAKING, "default removed",
         "Who leaves the parameter out may get something else.", MAJOR),
    Rule("keys-opened", REQUEST, ADDITIVE, "other keys allowed",
         "All requests of today go on working.", FOLLOW),
    Rule("keys-closed", REQUEST, BREAKING, "other keys no longer allowed",
         "Requests with other keys are refused.", MAJOR),
    Rule("variant-added", REQUEST, ADDITIVE, "variant added",
         "All requests of today go on working.", FOLLOW),
    Rule("variant-removed", REQUEST, BREAKING, "variant removed",
         "Requests of this variant are refused.", MAJOR),
    Rule("deprecated", REQUEST, ADDITIVE, "deprecated",
         "It still works; GitHub means to end it.", "Mark it deprecated, and tell users what replaces it."),
    Rule("undeprecated", REQUEST, ADDITIVE, "no longer deprecated",
         "It stays.", "Take the mark away."),

    # What is received ---------------------------------------------------------------------------------------------
    Rule("field-added", RESPONSE, ADDITIVE, "field added",
         "The client keeps it among the additional properties so far.", FOLLOW),
    Rule("field-removed", RESPONSE, BREAKING, "field removed",
         "Who reads it gets nothing; if ours requires it, the answer can't be read at all.", MAJOR),
    Rule("field-made-required", RESPONSE, ADDITIVE, "field made required",
         "Nothing: the client allows for its absence.", TIGHTEN),
    Rule("field-made-optional", RESPONSE, BREAKING, "field made optional",
         "Without it the answer can't be read.", TOLERATE),
    Rule("made-nullable", RESPONSE, BREAKING, "null allowed",
         "With a null the answer can't be read, or users find None where their types say otherwise.", TOLERATE),
    Rule("made-not-null", RESPONSE, ADDITIVE, "null no longer allowed",
         "Nothing: the client allows for null.", TIGHTEN),
    Rule("type-changed", RESPONSE, BREAKING, "type changed",
         "The answer can't be read, or users find another type than theirs.", TOLERATE),
    Rule("type-widened", RESPONSE, BREAKING, "type widened",
         "Some answers can't be read, or users find another type than theirs.", TOLERATE),
    Rule("type-narrowed", RESPONSE, ADDITIVE, "type narrowed",
         "Nothing: the client allows for more.", TIGHTEN),
    Rule("enum-value-added", RESPONSE, ADDITIVE, "enum value added",
         "It arrives as a plain string so far.", FOLLOW),
    Rule("enum-value-removed", RESPONSE, BREAKING, "enum value removed",
         "It never comes again, and code that names it fails once it is gone from the client.", MAJOR),
    Rule("enum-opened", RESPONSE, ADDITIVE, "enum given up",
         "Other values arrive as plain strings.", TIGHTEN),
    Rule("enum-closed", RESPONSE, ADDITIVE, "values restricted to an enum",
         "Nothing: the client allows for more.", TIGHTEN),
    Rule("default-added", RESPONSE, ADDITIVE, "default added",
         "What its absence means is now defined.", FOLLOW),
    Rule("default-changed", RESPONSE, BREAKING, "default changed",
         "Its absence means something else.", MAJOR),
    Rule("default-removed", RESPONSE, BREAKING, "default removed",
         "What its absence means is no longer defined.", MAJOR),
    Rule("keys-opened", RESPONSE, ADDITIVE, "other keys allowed",
         "The client keeps them among the additional properties.", FOLLOW),
    Rule("keys-closed", RESPONSE, ADDITIVE, "other keys no longer allowed",
         "Nothing: the client allows for more.", TIGHTEN),
    Rule("variant-added", RESPONSE, BREAKING, "variant added",
         "Such answers can't be read.", TOLERATE),
    Rule("variant-removed", RESPONSE, ADDITIVE, "variant removed",
         "Nothing: the client allows for more.", TIGHTEN),
    Rule("deprecated", RESPONSE, ADDITIVE, "deprecated",
         "It is still sent; GitHub means to end it.", "Mark it deprecated, and tell users what replaces it."),
    Rule("undeprecated", RESPONSE, ADDITIVE, "no longer deprecated",
         "It stays.", "Take the mark away."),
)  # fmt: skip

KINDS = frozenset(rule.kind for rule in RULES)

_BY_KIND = {(rule.kind, rule.side): rule for rule in RULES}


def rule_for(kind: str, side: Side) -> Rule:
    """The rule for a kind of difference on a side.

    Raises:
        KeyError: there is no such kind on this side.

    """
    return _BY_KIND[kind, side]
