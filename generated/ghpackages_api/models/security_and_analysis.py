# Generated from openapi/github-packages.yaml by "nox -s generate"; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field
from ghpackages_runtime.errors import DecodeError
from ghpackages_runtime.values import UNSET, Field, Model, Unset, find_failure, sparing

from .delegated_bypass_options import DelegatedBypassOptions
from .security_feature import SecurityFeature

_security_feature = SecurityFeature.from_dict
_delegated_bypass_options = DelegatedBypassOptions.from_dict
_new = object.__new__


@sparing
@_attrs_define(repr=False)
class SecurityAndAnalysis(Model):
    """Which of GitHub's security features are on.

    Attributes:
        advanced_security: One security feature.
        code_security: One security feature.
        dependabot_security_updates: One security feature.
        secret_scanning: One security feature.
        secret_scanning_push_protection: One security feature.
        secret_scanning_non_provider_patterns: One security feature.
        secret_scanning_ai_detection: One security feature.
        secret_scanning_delegated_alert_dismissal: One security feature.
        secret_scanning_delegated_bypass: One security feature.
        secret_scanning_delegated_bypass_options: Who may let a push through that secret scanning holds back.
    """

    advanced_security: SecurityFeature | None | Unset = UNSET
    code_security: SecurityFeature | None | Unset = UNSET
    dependabot_security_updates: SecurityFeature | None | Unset = UNSET
    secret_scanning: SecurityFeature | None | Unset = UNSET
    secret_scanning_push_protection: SecurityFeature | None | Unset = UNSET
    secret_scanning_non_provider_patterns: SecurityFeature | None | Unset = UNSET
    secret_scanning_ai_detection: SecurityFeature | None | Unset = UNSET
    secret_scanning_delegated_alert_dismissal: SecurityFeature | None | Unset = UNSET
    secret_scanning_delegated_bypass: SecurityFeature | None | Unset = UNSET
    secret_scanning_delegated_bypass_options: DelegatedBypassOptions | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict[str, Any])

    def to_dict(self) -> dict[str, Any]:
        """The JSON object that this was decoded from: absent keys stay absent, nulls null, unknown keys as they came."""
        data: dict[str, Any] = {}
        if self.advanced_security is not UNSET:
            data["advanced_security"] = self.advanced_security.to_dict() if self.advanced_security is not None else None
        if self.code_security is not UNSET:
            data["code_security"] = self.code_security.to_dict() if self.code_security is not None else None
        if self.dependabot_security_updates is not UNSET:
            data["dependabot_security_updates"] = (
                self.dependabot_security_updates.to_dict() if self.dependabot_security_updates is not None else None
            )
        if self.secret_scanning is not UNSET:
            data["secret_scanning"] = self.secret_scanning.to_dict() if self.secret_scanning is not None else None
        if self.secret_scanning_push_protection is not UNSET:
            data["secret_scanning_push_protection"] = (
                self.secret_scanning_push_protection.to_dict()
                if self.secret_scanning_push_protection is not None
                else None
            )
        if self.secret_scanning_non_provider_patterns is not UNSET:
            data["secret_scanning_non_provider_patterns"] = (
                self.secret_scanning_non_provider_patterns.to_dict()
                if self.secret_scanning_non_provider_patterns is not None
                else None
            )
        if self.secret_scanning_ai_detection is not UNSET:
            data["secret_scanning_ai_detection"] = (
                self.secret_scanning_ai_detection.to_dict() if self.secret_scanning_ai_detection is not None else None
            )
        if self.secret_scanning_delegated_alert_dismissal is not UNSET:
            data["secret_scanning_delegated_alert_dismissal"] = (
                self.secret_scanning_delegated_alert_dismissal.to_dict()
                if self.secret_scanning_delegated_alert_dismissal is not None
                else None
            )
        if self.secret_scanning_delegated_bypass is not UNSET:
            data["secret_scanning_delegated_bypass"] = (
                self.secret_scanning_delegated_bypass.to_dict()
                if self.secret_scanning_delegated_bypass is not None
                else None
            )
        if self.secret_scanning_delegated_bypass_options is not UNSET:
            data["secret_scanning_delegated_bypass_options"] = (
                self.secret_scanning_delegated_bypass_options.to_dict()
                if self.secret_scanning_delegated_bypass_options is not None
                else None
            )
        if self._unknown:
            data.update(self._unknown)
        return data

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Decode a JSON object.

        Raises:
            DecodeError: A required key is absent or null, or a value that is checked (see `Model`) is of the wrong
                kind; it names model, field and value.
        """
        self = _new(cls)
        try:
            value = src_dict.get("advanced_security", UNSET)
            self.advanced_security = value if value is UNSET or value is None else _security_feature(value)
            value = src_dict.get("code_security", UNSET)
            self.code_security = value if value is UNSET or value is None else _security_feature(value)
            value = src_dict.get("dependabot_security_updates", UNSET)
            self.dependabot_security_updates = value if value is UNSET or value is None else _security_feature(value)
            value = src_dict.get("secret_scanning", UNSET)
            self.secret_scanning = value if value is UNSET or value is None else _security_feature(value)
            value = src_dict.get("secret_scanning_push_protection", UNSET)
            self.secret_scanning_push_protection = (
                value if value is UNSET or value is None else _security_feature(value)
            )
            value = src_dict.get("secret_scanning_non_provider_patterns", UNSET)
            self.secret_scanning_non_provider_patterns = (
                value if value is UNSET or value is None else _security_feature(value)
            )
            value = src_dict.get("secret_scanning_ai_detection", UNSET)
            self.secret_scanning_ai_detection = value if value is UNSET or value is None else _security_feature(value)
            value = src_dict.get("secret_scanning_delegated_alert_dismissal", UNSET)
            self.secret_scanning_delegated_alert_dismissal = (
                value if value is UNSET or value is None else _security_feature(value)
            )
            value = src_dict.get("secret_scanning_delegated_bypass", UNSET)
            self.secret_scanning_delegated_bypass = (
                value if value is UNSET or value is None else _security_feature(value)
            )
            value = src_dict.get("secret_scanning_delegated_bypass_options", UNSET)
            self.secret_scanning_delegated_bypass_options = (
                value if value is UNSET or value is None else _delegated_bypass_options(value)
            )
            self._unknown = (
                None if _KEYS.issuperset(src_dict) else {key: src_dict[key] for key in src_dict if key not in _KEYS}
            )
        except (LookupError, TypeError, ValueError, OverflowError, AttributeError, DecodeError) as cause:
            raise find_failure("SecurityAndAnalysis", src_dict, _FIELDS) from cause
        return self


_FIELDS: tuple[Field, ...] = (
    Field("advanced_security", _security_feature),
    Field("code_security", _security_feature),
    Field("dependabot_security_updates", _security_feature),
    Field("secret_scanning", _security_feature),
    Field("secret_scanning_push_protection", _security_feature),
    Field("secret_scanning_non_provider_patterns", _security_feature),
    Field("secret_scanning_ai_detection", _security_feature),
    Field("secret_scanning_delegated_alert_dismissal", _security_feature),
    Field("secret_scanning_delegated_bypass", _security_feature),
    Field("secret_scanning_delegated_bypass_options", _delegated_bypass_options),
)
_KEYS: frozenset[str] = frozenset(field.key for field in _FIELDS)
