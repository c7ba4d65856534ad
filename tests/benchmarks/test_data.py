"""The data of the benchmark."""

from __future__ import annotations

import json
from collections import Counter

from benchmarks import data

from ghpackages import Package, PackageVersion


def mean(items: list[bytes]) -> float:
    return sum(map(len, items)) / len(items)


def test_10_000_packages_are_listed_and_no_two_have_the_same_name_or_id():
    items = [json.loads(package.item) for package in data.listed()]
    assert len(items) == len({item["name"] for item in items}) == len({item["id"] for item in items}) == 10_000


def test_the_audit_has_exactly_54_466_versions_on_637_pages():
    sizes = [len(package.versions) for package in data.audited()]
    assert len(sizes) == 200
    assert sum(sizes) == 54_466
    assert sum(-(-size // 100) for size in sizes) == 637


def test_few_audited_packages_have_many_versions_and_more_than_half_have_one_page():
    sizes = [len(package.versions) for package in data.audited()]
    assert 1_400 < max(sizes) < 1_500
    assert sum(size < 100 for size in sizes) > 100
    assert not any(size % 100 == 0 for size in sizes)


def test_packages_and_versions_have_the_size_of_those_of_github():
    assert 5_650 < mean([package.item for package in data.listed()]) < 5_750
    assert 510 < mean([version for package in data.audited() for version in package.versions]) < 530


def test_tagged_and_untagged_versions_are_mixed():
    counts = [fact[1:3] for fact in data.expected_audit().values()]
    assert sum(tagged for tagged, _ in counts) > 15_000
    assert sum(untagged for _, untagged in counts) > 35_000
    assert sum(bool(tagged and untagged) for tagged, untagged in counts) > 190


def test_the_data_is_the_same_wherever_it_is_made():
    facts = data.expected_listing()
    assert facts["names"] == "5bc81fcb6c3ca86210cb6a4e9e5a78c14a24f1018364fbe6dd68112f9878e691"
    assert (facts["packages"], facts["private"]) == (10_000, 4_031)


def test_our_models_know_every_key():
    package = json.loads(data.audited()[0].item)
    version = json.loads(data.audited()[0].versions[0])
    decoded = Package.from_dict(package)
    assert decoded.to_dict() == package
    assert Counter(decoded.additional_properties) == Counter()
    assert PackageVersion.from_dict(version).to_dict() == version
