"""Listings, page by page or item by item, that are complete or raise."""

from ._ahead import look_ahead
from ._iterators import ItemIterator, PageIterator
from ._links import hidden_organizations, page_links
from ._listing import Answer, Fetch, Item, Listing, Page, Proof
from ._paginator import Paginator

__all__ = [
    "Answer",
    "Fetch",
    "Item",
    "ItemIterator",
    "Listing",
    "Page",
    "PageIterator",
    "Paginator",
    "Proof",
    "hidden_organizations",
    "look_ahead",
    "page_links",
]
