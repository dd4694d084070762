"""The comparison by which articles are held against specifications: what it must tell apart, and what not."""

import pytest
from same_html import article_meaning, meaning, unwrapped, without

CODE = '<div class="language-{} highlight"><pre><span></span><code>a <span class="n">b</span>\n</code></pre></div>'
HEADING = '<h2 id="{}">a<a class="headerlink" href="#{}" title="Permanent link">&para;</a></h2>'
TASK = (
    '<ul class="task-list"><li class="task-list-item" data-task="{}"><label class="task-list-control">'
    '<input type="checkbox" aria-label="{}" disabled{}><span class="task-list-indicator"></span></label> a</li></ul>'
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<p>a</p>\n<p>b</p>\n", "<p>a</p><p>b</p>"),
        ("<ul>\n<li>\n<p>a</p>\n</li>\n</ul>", "<ul><li><p>a</p></li></ul>"),
        ("<p>a<br />\nb</p>", "<p>a<br>b</p>"),
        ("<p>&quot;&ouml;&quot; &gt;</p>", '<p>"ö" ></p>'),
        ('<a title="t" href="h">a</a>', "<a href=h title='t'>a</a>"),
        ("<IMG SRC='a'>", '<img src="a"/>'),
        ("<p>a <b>b</p>", "<p>a <b>b</b></p>"),
        (
            '<table><tr><td align="left">a</td></tr></table>',
            '<table><tr><td style="text-align:left">a</td></table>',
        ),
    ],
)
def test_what_means_the_same_is_the_same(one, other):
    assert meaning(one) == meaning(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<p>a</p>", "<p>b</p>"),
        ("<p>a b</p>", "<p>a  b</p>"),
        ("<p>a b</p>", "<p>a\nb</p>"),
        ("<p>a\nb</p>", "<p>a<br>\nb</p>"),
        ("<p>a</p>", "<p>&nbsp;a</p>"),
        ("<p><em>a</em> b</p>", "<p><em>a </em>b</p>"),
        ("<p>a<em>b</em></p>", "<p>a <em>b</em></p>"),
        ("<p>a</p>", "a"),
        ("<p>a</p><p>b</p>", "<p>a\nb</p>"),
        ("<p>a</p>", "<p>a</p><p></p>"),
        ("<p>a</p>", "<p>a</p><!-- b -->"),
        ("<p>a</p>", '<p class="b">a</p>'),
        ("<p>a</p>", '<p id="b">a</p>'),
        ('<a href="a">b</a>', '<a href="c">b</a>'),
        ('<a href="a%20b">b</a>', '<a href="a b">b</a>'),
        ('<a href="a">b</a>', '<a href="a" title="">b</a>'),
        ("<ul><li>a</li></ul>", "<ul><li><p>a</p></li></ul>"),
        ("<ul><li>a</li></ul>", "<ol><li>a</li></ol>"),
        ("<ol><li>a</li></ol>", '<ol start="2"><li>a</li></ol>'),
        ("<ul><li>a</li><li>b</li></ul>", "<ul><li>a</li></ul><ul><li>b</li></ul>"),
        ("<ul><li>a<ul><li>b</li></ul></li></ul>", "<ul><li>a</li></ul><ul><li>b</li></ul>"),
        ("<em><strong>a</strong></em>", "<strong><em>a</em></strong>"),
        ("<pre><code>a\n</code></pre>", "<pre><code>a\n\n</code></pre>"),
        ("<pre><code>a\n</code></pre>", "<pre><code>a</code></pre>"),
        ("<pre><code> a</code></pre>", "<pre><code>a</code></pre>"),
        ("<pre><code>a</code></pre>", '<pre><code class="language-b">a</code></pre>'),
        ("<code>a</code>", "<code> a</code>"),
        ("<code>&amp;amp;</code>", "<code>&amp;</code>"),
        ("<h1>a</h1>", "<h2>a</h2>"),
        ("<table><tr><td style='color:red'>a</table>", "<table><tr><td>a</table>"),
        (
            '<table><tr><td align="left">a</td></tr></table>',
            '<table><tr><td align="right">a</td></tr></table>',
        ),
    ],
)
def test_what_means_something_else_differs(one, other):
    assert meaning(one) != meaning(other)
    assert article_meaning(one) != article_meaning(other)


@pytest.mark.parametrize(
    ("article", "plain"),
    [
        (HEADING.format("x", "x"), "<h2>a</h2>"),
        (CODE.format("text"), "<pre><code>a b\n</code></pre>"),
        (CODE.format("c"), '<pre><code class="language-c">a b\n</code></pre>'),
        ('<img src="a" alt="b" loading="lazy">', '<img src="a" alt="b">'),
        (TASK.format(" ", "To do", ""), '<ul><li><input type="checkbox" disabled> a</li></ul>'),
        (
            TASK.format("x", "Done", " checked"),
            '<ul><li><input type="checkbox" checked disabled> a</li></ul>',
        ),
    ],
)
def test_what_articles_add_is_taken_off(article, plain):
    assert article_meaning(article) == meaning(plain)


@pytest.mark.parametrize(
    ("article", "plain"),
    [
        (HEADING.format("x", "y"), "<h2>a</h2>"),
        ('<h2 id="x">a</h2>', "<h2>a</h2>"),
        (HEADING.format("x", "x").replace("<h2 ", '<h2 class="b" '), "<h2>a</h2>"),
        (CODE.format("c"), "<pre><code>a b\n</code></pre>"),
        (CODE.format("text").replace("<span></span>", ""), "<pre><code>a b\n</code></pre>"),
        (CODE.format("text").replace("highlight", ""), "<pre><code>a b\n</code></pre>"),
        ('<img src="a" alt="b" loading="eager">', '<img src="a" alt="b">'),
        ('<iframe src="a" loading="lazy"></iframe>', '<iframe src="a"></iframe>'),
        (
            TASK.format("x", "To do", " checked"),
            '<ul><li><input type="checkbox" checked disabled> a</li></ul>',
        ),
        (
            TASK.format(" ", "To do", " checked"),
            '<ul><li><input type="checkbox" disabled> a</li></ul>',
        ),
        (
            TASK.format("x", "Done", " checked"),
            '<ul><li><input type="checkbox" disabled> a</li></ul>',
        ),
        ('<a class="headerlink" href="#x" title="Permanent link">&para;</a>', ""),
        ('<p>a <span class="n">b</span></p>', "<p>a b</p>"),
    ],
)
def test_what_only_resembles_an_addition_stays(article, plain):
    assert article_meaning(article) != meaning(plain)


def test_elements_and_comments_are_left_out_by_name():
    assert without(
        meaning("<p>a<!-- b --></p><style>c</style><p>d</p>"), "style", "comment"
    ) == meaning("<p>a<p>d")


def test_what_elements_hold_stands_in_their_place():
    assert unwrapped(meaning('<p>a <b>b <a href="c">d</a></b></p>'), "a") == meaning(
        "<p>a <b>b d</b></p>"
    )
