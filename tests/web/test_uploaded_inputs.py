"""An uploaded picture is an input like one that stands in the input itself."""

from __future__ import annotations

from base64 import b64encode
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image


if TYPE_CHECKING:
    from tests.web.conftest import Api, Apis


def picture(width: int, height: int) -> bytes:
    """A PNG of this size."""
    file = BytesIO()
    Image.new("RGB", (width, height), "red").save(file, "PNG")
    return file.getvalue()


def prediction(api: Api, address: str, **headers: str) -> Any:
    """A prediction made from the file at `address`, as it ends."""
    given = {"prompt": "a hat", "input_image": address}
    model = "/v1/models/black-forest-labs/flux-kontext-pro/predictions"
    made = api.post(model, {"input": given}, **headers).json
    api.advance(60)
    return api.look(made["id"])


def size(api: Api, told: Any) -> tuple[int, int]:
    """The size of the picture that a prediction put out."""
    return Image.open(BytesIO(api.get(told["output"]).body)).size


def notes(api: Api) -> list[str]:
    """What the journal says about the calls."""
    found = api.get("/__mock__/journal").json["interactions"]
    return [note for one in found for note in one["notes"]]


@pytest.mark.parametrize(
    "prefix", ["http://127.0.0.1:4010/v1", "https://gateway.test/replicate/v1"]
)
def test_an_uploaded_picture_is_used(api: Api, prefix: str) -> None:
    """Its size decides, as with one that stands in the input; the journal says so."""
    data = picture(640, 320)
    uploaded = api.upload(data=data, filename="a.png").json["id"]
    inline = f"data:image/png;base64,{b64encode(data).decode()}"
    width, height = size(api, prediction(api, f"{prefix}/files/{uploaded}"))
    assert (width, height) == size(api, prediction(api, inline))
    assert width > height
    assert f"input_image names the uploaded file {uploaded}, which is here: {len(data)} bytes" in (
        notes(api)
    )


def test_an_unreadable_upload_fails_the_prediction(api: Api) -> None:
    """As an unreadable picture in the input does."""
    told = prediction(api, api.upload(data=b"no picture").json["urls"]["get"])
    assert (told["status"], told["output"]) == ("failed", None)
    assert "not an image" in told["error"]


def test_a_file_that_is_gone_is_noted(api: Api) -> None:
    """The prediction runs as with an address that nobody fetches."""
    uploaded = api.upload(data=picture(640, 320)).json
    api.ask("DELETE", uploaded["urls"]["get"])
    told = prediction(api, uploaded["urls"]["get"])
    assert size(api, told) == (1024, 1024)
    assert [note for note in notes(api) if "is not here" in note] != []


def test_a_picture_outlives_the_file_it_was_made_from(api: Api) -> None:
    """What is drawn after the deletion still shows it."""
    uploaded = api.upload(data=picture(640, 320)).json
    told = prediction(api, uploaded["urls"]["get"])
    api.ask("DELETE", uploaded["urls"]["get"])
    assert size(api, told) != (1024, 1024)


def test_a_file_of_another_account_is_not_used(api: Api) -> None:
    """The id alone opens nothing."""
    uploaded = api.upload(data=picture(640, 320), authorization="Bearer other").json
    assert size(api, prediction(api, uploaded["urls"]["get"])) == (1024, 1024)


def test_the_same_address_after_a_reset_is_another_picture(apis: Apis) -> None:
    """Ids repeat with the seed; what was drawn before is not mistaken for it."""
    api = apis()
    wide = api.upload(data=picture(640, 320)).json["urls"]["get"]
    before = size(api, prediction(api, wide))
    api.post("/__mock__/reset", {})
    tall = api.upload(data=picture(320, 640)).json["urls"]["get"]
    assert size(api, prediction(api, tall)) == before[::-1]
