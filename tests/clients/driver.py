"""Runs programs in a client's own interpreter: a line of JSON for each, and one for its answer.

A program is the body of an async function, which finds its names in the line and may `return`.
"""

import asyncio
import json
import sys
import textwrap


for line in sys.stdin:
    asked = json.loads(line)
    names = asked["names"]
    try:
        body = textwrap.indent(asked["program"], "    ")
        exec(f"async def program():\n{body}", names)  # noqa: S102 - our own programs
        answer = {"told": asyncio.run(names["program"]())}
    except Exception as error:  # noqa: BLE001 - the test judges it
        answer = {"raised": type(error).__name__, "message": str(error)}
    print(json.dumps(answer), flush=True)  # noqa: T201 - it is the answer
