"""Listings, page by page or item by item, that are complete or raise."""

from ._ahead import look_ahead
from ._iterators import ItemIterator, PageIterator
from ._links import check_links, page_links
from ._listing import Fetch, Item, Listing, Page, Proof
from ._paginator import Paginator

__all__ = [
    "Fetch",
    "Item",
    "ItemIterator",
    "Listing",
    "Page",
    "PageIterator",
    "Paginator",
    "Proof",
    "check_links",
    "look_ahead",
    "page_links",
]
