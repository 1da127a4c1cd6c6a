"""Makes one picture with the official Python client, as its README does; 1.0 and 2.0 alike."""

import json
from base64 import b64encode
from urllib.request import urlopen

import replicate


try:
    made = replicate.run(
        "black-forest-labs/flux-kontext-pro", input={"prompt": "a lighthouse at dusk"}
    )
    if isinstance(made, str) and made.startswith("http://"):
        # Plain HTTP is no file to the client, so its address is looked up here.
        made = urlopen(made)  # noqa: S310 - the fake's own
    told = (
        {"picture": b64encode(made.read()).decode()}
        if hasattr(made, "read")
        else {"returned": repr(made)}
    )
except Exception as error:  # noqa: BLE001 - it is what we want to see
    told = {"raised": type(error).__name__, "message": str(error)}
print(json.dumps(told))
