"""Listings, page by page or item by item, that are complete or raise."""

from ._ahead import LOOK_AHEAD
from ._iterators import ItemIterator, PageIterator
from ._links import check_links, page_links
from ._listing import Fetch, Item, Listing, Page, Proof
from ._paginator import Paginator

__all__ = [
    "LOOK_AHEAD",
    "Fetch",
    "Item",
    "ItemIterator",
    "Listing",
    "Page",
    "PageIterator",
    "Paginator",
    "Proof",
    "check_links",
    "page_links",
]
