"""The foundation of the generated code: errors, clients and values, hand-written and independent of the schema.

`ghpackages_api` re-exports `errors`, `client` and `values` under the names that its generator expects (`values` as
`types`), and `ghpackages` is built on both. This package imports httpx and attrs, and nothing of ours. Import from
`ghpackages` what it exports; its promise of stability does not hold here.
"""
