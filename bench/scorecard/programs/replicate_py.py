"""Makes two pictures with the official Python client, as its README does; 1.0 and 2.0 alike."""

import sys

import replicate


try:
    made = replicate.run(
        "black-forest-labs/flux-schnell",
        input={"prompt": "a lighthouse at dusk", "num_outputs": 2, "output_format": "png"},
    )
    for output in made if isinstance(made, list) else [made]:
        # Plain HTTP is no file to the client, which gives its address then.
        print(len(output.read()) if hasattr(output, "read") else output)
except Exception as error:  # noqa: BLE001 - it is what we want to see
    sort = type(error)
    module = "" if sort.__module__ == "builtins" else f"{sort.__module__}."
    sys.exit(f"{module}{sort.__qualname__}: {error}")
