"""What templates of a theme may do: read and write, no more, and not without end."""

import pytest

from icreport.errors import ThemeError
from icreport.model.elements import Section
from icreport.model.report import Report


@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ ''['__class__'] }}",
        "{{ ''|attr('__class__')|attr('__mro__') }}",
        "{{ element.__init__.__globals__ }}",
        "{{ element.model_config.update({}) }}",
        "{{ element.data.update({}) }}{{ element.__class__ }}",
        "{{ '{0.__class__.__mro__}'.format('') }}",
        "{{ '{x.__class__}'.format_map({'x': ''}) }}",
        "{{ self.__init__.__globals__ }}{{ range.__self__ }}",
        "{{ ([1]|map(attribute='__class__')|list).append(1) }}",
        "{% include '/etc/passwd' %}",
        "{% include '../../../../etc/passwd' %}",
        "{% import '/proc/self/environ' as e %}",
    ],
)
def test_a_template_does_not_leave_its_sandbox(theme, template):
    with pytest.raises(ThemeError):
        theme({"elements/section.html.j2": template}, Report(elements=[Section(caption="S", data={})]))


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{% for n in range(10000000) %}{% endfor %}", "Range too big"),
        ("{% for a in range(9**5) %}{% for b in range(9**5) %}{% endfor %}{% endfor %}", "steps"),
        ("{% for n in [1, 1] recursive %}{{ loop([1, 1]) if loop.depth < 50 }}{% endfor %}", "steps"),
        ("{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(40) }}", "steps"),
        ("{% macro m(n) %}{{ m(n) }}{% endmacro %}{{ m(1) }}", "recursion"),
        ("{% block b %}{{ self.b() }}{% endblock %}", "recursion"),
        ("{% include 'elements/section.html.j2' %}", "recursion"),
        ("{% for n in range(99999) %}" + "x" * 10_000 + "{% endfor %}", "steps"),
        ("{% for n in range(99999) %}{{ 'x' * 10000 }}{% endfor %}", "writes more"),
        ("{% set n = namespace(x='xx') %}{% for i in range(50) %}{% set n.x = n.x ~ n.x %}{% endfor %}", "longer"),
        ("{% set n = namespace(x='xx') %}{% for i in range(50) %}{% set n.x = n.x + n.x %}{% endfor %}", "longer"),
        ("{% set n = namespace(x='xx') %}{% for i in range(50) %}{% set n.x = n.x|replace('x', 'xx') %}{% endfor %}",
         "longer"),
        ("{{ 'x' * 10**12 }}", "longer"),
        ("{{ 10**12 * [1] }}", "longer"),
        ("{{ 10**(10**10) }}", "exponent"),
        ("{% set n = namespace(x=9) %}{% for i in range(50) %}{% set n.x = n.x * n.x %}{% endfor %}", "longer"),
        ("{% set n = namespace(x=9) %}{% for i in range(50) %}{% set n.x = n.x ** 9 %}{% endfor %}", "longer"),
        ("{{ '%1000000000d' % 1 }}", "does not format"),
        ("{{ '{:1000000000}'.format(1) }}", "width"),
        ("{{ '{:{}}'.format(1, 1000000000) }}", "width"),
        ("{{ 'x'.ljust(1000000000) }}", "unsafe"),
        ("{{ 'x'.replace('', 'y' * 100000) }}", "unsafe"),
        ("{{ 'x'|center(1000000000) }}", "No filter"),
        ("{{ 1|round(100000000, 'ceil') }}", "No filter"),
        ("{{ lipsum(n=1000000) }}", "undefined"),
    ],
)  # fmt: skip
def test_a_template_does_not_run_or_write_without_end(theme, template, said):
    with pytest.raises(ThemeError, match=rf"section\.html\.j2.*{said}"):
        theme({"elements/section.html.j2": template}, Report(elements=[Section(caption="S", data={})]))


def test_what_honest_templates_do_still_works(theme):
    template = (
        "{% macro cell(x) %}<b>{{ x }}</b>{% endmacro %}{% for n in range(3) %}{{ cell(n ~ '<') }}{% endfor %}"
        "{{ '{:,}'.format(12345) }} {{ 'a-b'|replace('-', '+') }} {{ '-' * 3 }} {{ [1] + [2] }} {{ 2**10 }} {{ 7 % 4 }}"
    )
    page = theme({"elements/section.html.j2": template}, Report(elements=[Section(caption="S")]))
    assert "<b>0&lt;</b><b>1&lt;</b><b>2&lt;</b>12,345 a+b --- [1, 2] 1024 3" in page
