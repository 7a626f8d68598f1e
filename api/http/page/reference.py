"""The OpenAPI document as one HTML page. Made here and without scripts, since the usual viewers load from elsewhere."""

from __future__ import annotations

import json
from html import escape
from typing import Any

_PAGE = """<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>{title} · reference</title>
    <link rel="icon" href="static/favicon.svg" type="image/svg+xml">
    <link rel="stylesheet" href="static/docs.css">
  </head>
  <body>
    <header>
      <h1>{title} <small>{version}</small></h1>
      {description}
      <p><a href="./">Ask a question</a> · <a href="openapi.json">openapi.json</a></p>
    </header>
    <nav aria-label="Routes"><ul>{contents}</ul></nav>
    <main>{routes}</main>
  </body>
</html>
"""


def page(document: dict[str, Any]) -> str:
    """Render an OpenAPI document: each route with its parameters, and examples of what goes in and comes out."""
    operations = [
        (method.upper(), path, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
    ]
    info = document["info"]
    return _PAGE.format(
        title=escape(info["title"]),
        version=escape(info["version"]),
        description=_prose(info["description"]),
        contents="".join(_entry(*operation) for operation in operations),
        routes="".join(_route(*operation) for operation in operations),
    )


def _entry(method: str, path: str, operation: dict[str, Any]) -> str:
    return (
        f'<li><a href="#{escape(operation["operationId"])}"><code>{method} {escape(path)}</code></a> '
        f"{escape(operation['summary'])}</li>"
    )


def _route(method: str, path: str, operation: dict[str, Any]) -> str:
    parts = [
        f'<section id="{escape(operation["operationId"])}">',
        f"<h2><code>{method} {escape(path)}</code></h2>",
        _prose(operation["description"]),
        _parameters(operation.get("parameters", [])),
    ]
    if "requestBody" in operation:
        parts.append(f"<h3>Body</h3>{_examples(operation['requestBody'])}")
    for status, response in sorted(operation["responses"].items()):
        parts.append(f"<h3>{escape(status)}: {escape(response['description'])}</h3>{_examples(response)}")
    return "".join([*parts, "</section>"])


def _parameters(parameters: list[dict[str, Any]]) -> str:
    if not parameters:
        return ""
    rows = "".join(
        f"<tr><td><code>{escape(one['name'])}</code></td><td>{'needed' if one['required'] else 'optional'}</td>"
        f"<td>{escape(one.get('description', ''))}</td></tr>"
        for one in parameters
    )
    return f"<table><thead><tr><th>Parameter</th><th></th><th>Meaning</th></tr></thead><tbody>{rows}</tbody></table>"


def _examples(described: dict[str, Any]) -> str:
    shown = []
    for content in described["content"].values():
        if "example" in content:
            shown.append(f"<pre>{escape(content['example'])}</pre>")
        for example in content.get("examples", {}).values():
            body = json.dumps(example["value"], ensure_ascii=False, indent=2)
            shown.append(f"<details><summary>{escape(example['summary'])}</summary><pre>{escape(body)}</pre></details>")
    return "".join(shown)


def _prose(text: str) -> str:
    """Paragraphs; words between back ticks are code."""
    paragraphs = (paragraph.split("`") for paragraph in text.strip().split("\n\n"))
    return "".join(
        "<p>"
        + "".join(f"<code>{escape(part)}</code>" if index % 2 else escape(part) for index, part in enumerate(parts))
        + "</p>"
        for parts in paragraphs
    )
