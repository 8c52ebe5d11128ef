import pytest

from incidents.publishing.comparison import compared
from incidents.publishing.prose import inline, plain, readable, summary


def test_i11_tables_and_code_scroll_in_regions_of_their_own() -> None:
    html = readable("<table><tr><td>1</td></tr></table><pre><code>x</code></pre>")
    assert html.count('tabindex="0"') == 2
    assert html.endswith("</pre></div>")


def test_i11_headings_continue_the_order_of_the_page() -> None:
    assert readable("<h4>A</h4><h6>B</h6><h4>C</h4>", under=2) == "<h3>A</h3><h4>B</h4><h3>C</h3>"
    assert readable("<h5>A</h5><h3>B</h3>", under=3) == "<h4>A</h4><h4>B</h4>"


def test_plain_text_keeps_words_apart_and_entities_readable() -> None:
    assert plain("<p>Fish &amp; chips</p><ul><li>one</li><li>two</li></ul>") == "Fish & chips one two"


def test_a_summary_ends_between_words() -> None:
    assert summary("<p>All deliveries are late today.</p>", limit=20) == "All deliveries are…"
    assert summary("<p>Short.</p>", limit=20) == "Short."


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>One.</p>", "One."),
        ("<p>One.</p>\n<p>Two.</p>", "One.<br /><br />Two."),
        ("<p>One.</p>\n<ul><li>a</li></ul>", "One.</p>\n<ul><li>a</li></ul><p>"),
        ("<ul><li>a</li></ul>", "</p><ul><li>a</li></ul><p>"),
        ("", ""),
    ],
)
def test_text_of_a_feed_continues_its_paragraph(html: str, expected: str) -> None:
    assert inline(html) == expected


def test_i06_changes_are_marked_by_words_as_well_as_by_lines() -> None:
    markup = compared("Errors are <high>", "Errors are gone")
    removed = '<del><span class="hidden-text">[removed: </span>&lt;high&gt;<span class="hidden-text">]</span></del>'
    added = '<ins><span class="hidden-text">[added: </span>gone<span class="hidden-text">]</span></ins>'
    assert markup == f"Errors are {removed} {added} "
