"""Tables as Markdown and as LaTeX. Every cell is escaped: names of models are not to be trusted."""

import re

from mibench.publishing.exports.paper import Table

MARKDOWN = re.compile(r"([\\`*_{}\[\]<>|#~$!])")

LATEX = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", '"': "''", "−": "$-$", "–": "--", "±": r"$\pm$", "×": r"$\times$",
    "↑": r"$\uparrow$", "↓": r"$\downarrow$", "[": "{[}", "]": "{]}",
}  # fmt: skip
"""Characters that LaTeX would take for commands or fonts may lack. Brackets: after \\\\ they would be an argument."""


def markdown(table: Table) -> str:
    """A pipe table, caption above, sentences below."""
    lines = [f"**{_markdown(table.caption)}**", "", _piped(table.head), "|---" + "|---:" * (len(table.head) - 1) + "|"]
    lines += [_piped(row) for group in table.groups for row in group]
    return "\n".join([*lines, "", _markdown(" ".join(table.notes))]) + "\n"


def latex(table: Table) -> str:
    """A table for `booktabs`; other than Latin letters in names need XeLaTeX or LuaLaTeX with a font that has them."""
    columns = "l" + "r" * (len(table.head) - 1)
    body: list[str] = []
    for number, group in enumerate(table.groups):
        body += [r"\addlinespace"] if number else []
        body += [_row(row) for row in group]
    return "\n".join(
        [
            r"% \usepackage{booktabs}",
            r"\begin{table}",
            r"\centering",
            rf"\caption{{{_latex(table.caption)}}}",
            rf"\begin{{tabular}}{{{columns}}}",
            r"\toprule",
            _row(table.head),
            r"\midrule",
            *body,
            r"\bottomrule",
            r"\end{tabular}",
            r"\par\smallskip",
            rf"\parbox{{\linewidth}}{{\footnotesize {_latex(' '.join(table.notes))}}}",
            r"\end{table}",
            "",
        ]
    )


def _piped(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(_markdown(cell) for cell in cells)} |"


def _row(cells: tuple[str, ...]) -> str:
    if len(cells) > 1 and cells[0] and not any(cells[1:]):
        return rf"\multicolumn{{{len(cells)}}}{{l}}{{\textit{{{_latex(cells[0])}}}}} \\"
    return " & ".join(_latex(cell) for cell in cells) + r" \\"


def _markdown(text: str) -> str:
    return MARKDOWN.sub(r"\\\1", _one_line(text)).replace("&", "&amp;")


def _latex(text: str) -> str:
    return "".join(LATEX.get(letter, letter) for letter in _one_line(text))


def _one_line(text: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
