"""Text that must show as text wherever it stands."""

TEXTS = [
    "<script>window.hacked = 1</script>",
    '"><img src=x onerror="window.hacked = 1">',
    "' onmouseover='window.hacked = 1",
    "javascript:window.hacked=1",
    "{{ 7 * 7 }}{% for x in [1] %}x{% endfor %}{# no #}",
    "]]> <!-- --> --!> <!--",
    "</style></script></title></textarea><script>window.hacked = 1</script>",
    "<svg onload=window.hacked=1>",
    "&lt;b&gt; &amp; &#x41; &nosuch;",
    "\u202ereversed\u202c \u2066isolated\u2069",
    "\x00\x01\x1b\x7f\x9f\ufffe\uffff",
    "line\r\nbreak\ttab",
    "\ue000body\ue000",
    "http://192.0.2.1/x.png url(http://192.0.2.1) @import '//192.0.2.1'",
    "file:///etc/passwd",
    '<a href="https://192.0.2.1/x">x</a><a rel="attachment" href="data:text/plain,x">y</a>',
]
