"""The contenders, each in a module that is imported only where its library is installed.

A module has `decoder(kind)`, which returns the function that decodes a page of packages or versions as the library
does. One that sends requests also has `connect(url, concurrency)`, a context manager of an object with the public
methods of `_pages.Pages`.
"""
