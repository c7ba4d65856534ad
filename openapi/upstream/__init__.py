"""Compares our description with the one that GitHub publishes, and says what each difference means for our users.

`nox -s upstream` runs it. The parts, each using only those above it:

tree         JSON values with types
rules        every kind of difference and what it means: the classification, in one table
document     an OpenAPI description, its references followed (by `referencing`)
scope        which of GitHub's operations concern us, and the ids that it gives ours
shapes       what a schema allows, however it is written
departures   the `x-departure` entries of our description, and which differences they cover
differences  what was found, taken down as the descriptions are gone through
schemas      compares schemas; parameters, bodies and operations compare what they are called after
compare      compares two descriptions, and judges the departures by the outcome
sources      reads GitHub's description from a file or the web
report       the outcome, grouped, and as records; markdown and text write it for people
command      the command line
"""
