"""The instructor's report on a class: its numbers, and the page that shows them."""
