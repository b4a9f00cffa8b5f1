#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""measure.py DIR...: lines per file, function lengths, share of comments, wide lines (Swift, C)."""
import os
import re
import sys

HEAD = {
    "swift": re.compile(r"\b(func|init|deinit|subscript)\b"),
    "c": re.compile(r"\w+\s*\([^{}]*\)\s*$", re.S),
}
NOISE = re.compile(r'"""[\s\S]*?"""|"(?:\\.|[^"\\\n])*"|//[^\n]*|/\*[\s\S]*?\*/')


def functions(text, language):
    """The lengths of the outermost functions."""
    text = NOISE.sub(lambda match: "\n" * match.group().count("\n"), text)
    line, start, stack, lengths = 1, 0, [], []
    for place, character in enumerate(text):
        if character == "\n":
            line += 1
        elif character in "{};":
            head = text[start:place]
            if character == "{":
                outermost = not any(is_function for is_function, _ in stack)
                is_function = outermost and bool(HEAD[language].search(head))
                stack.append((is_function, line - head.lstrip().count("\n")))
            elif character == "}" and stack:
                is_function, first = stack.pop()
                if is_function:
                    lengths.append(line - first + 1)
            start = place + 1
    return lengths


def files(folders):
    for root in folders:
        for folder, _, names in os.walk(root):
            for name in names:
                language = {"swift": "swift", "c": "c", "h": "c"}.get(name.rsplit(".", 1)[-1])
                if language and ".build" not in folder:
                    with open(os.path.join(folder, name), errors="replace") as file:
                        yield language, file.read()


def spread(values):
    values = sorted(values)
    at = lambda part: values[min(len(values) - 1, int(len(values) * part))] if values else 0
    return f"median {at(0.5)}, nine in ten {at(0.9)}, most {at(1)}"


def main():
    texts = list(files(sys.argv[1:]))
    rows = [row for _, text in texts for row in text.splitlines()]
    lengths = [length for language, text in texts for length in functions(text, language)]
    comments = sum(row.lstrip().startswith(("//", "/*", "*")) for row in rows)
    written = max(1, sum(bool(row.strip()) for row in rows))
    print(f"{len(texts)} files, {len(rows)} lines: {spread(len(t.splitlines()) for _, t in texts)}")
    print(f"{len(lengths)} functions: {spread(lengths)}; over 70: {sum(n > 70 for n in lengths)}")
    print(f"comments {100 * comments // written}% of what is not blank")
    print(f"lines over 100 columns: {sum(len(row) > 100 for row in rows)}")


if __name__ == "__main__":
    main()
