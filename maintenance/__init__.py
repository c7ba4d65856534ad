"""Tools for maintainers that are about the project itself; `nox` runs them, and they are in no wheel.

surface    the public names of a source tree, and their types (read by griffe)
released   earlier versions in git: the last released one, and its files
versions   which version number a change asks for
api_diff   compares the public surface with an earlier one: `nox -s api-diff`
changelog  drafts the CHANGELOG entry of `nox -s refresh`
refresh    what that session does before and after it generates: reports, the draft, what is left to do
templates  which of our templates another version of the generator puts in question: `nox -s generate -- --generator`
"""
