"""Pages of every style about any model, as a gateway's author would write them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import yaml


@dataclass(frozen=True)
class Spec:
    """An input: its JSON Schema (type, default, enum, minimum, maximum), and an example of it."""

    name: str
    schema: Mapping[str, Any]
    required: bool
    example: object


@dataclass(frozen=True)
class Gateway:
    """A gateway that sells one model, and how it answers a create call."""

    host: str
    base_path: str
    model: str
    status: int
    reduced: bool
    inputs: tuple[Spec, ...]

    @property
    def url(self) -> str:
        """Where predictions are made."""
        return f"https://{self.host}{self.base_path}/models/{self.model}/predictions"

    @property
    def asked(self) -> dict[str, Any]:
        """The body of the example."""
        return {"input": {one.name: one.example for one in self.inputs}}

    @property
    def answer(self) -> dict[str, Any]:
        """What it is answered."""
        if self.reduced:
            return {"id": "7q1v5x9k3m", "status": "starting"}
        home = f"https://{self.host}{self.base_path}/predictions/7q1v5x9k3m"
        whole = {"id": "7q1v5x9k3m", "model": self.model, "version": "hidden", **self.asked}
        told = {"logs": "", "output": None, "data_removed": False, "error": None}
        end = {"status": "starting", "created_at": "2026-01-02T03:04:05.678Z"}
        return {**whole, **told, **end, "urls": {"get": home, "cancel": f"{home}/cancel"}}


def chinese(schema: Mapping[str, Any]) -> str:
    """What a Chinese sentence says of an input."""
    told = ["说明。"]
    if "minimum" in schema:
        told.append(f"范围 {schema['minimum']}-{schema['maximum']}。")
    if "default" in schema:
        told.append(f"默认值:{_plain(schema['default'])}。")
    if "enum" in schema:
        told.append(f"支持{','.join(schema['enum'])}。")
    return "".join(told)


def english(schema: Mapping[str, Any]) -> str:
    """What an English sentence says of an input."""
    told = ["What it is for."]
    if "minimum" in schema:
        told.append(f"Between {schema['minimum']} and {schema['maximum']}.")
    if "default" in schema:
        told.append(f"Default: {_plain(schema['default'])}.")
    if "enum" in schema:
        told.append(f"One of {', '.join(schema['enum'])}.")
    return " ".join(told)


def _plain(value: object) -> str:
    return json.dumps(value) if isinstance(value, bool) else str(value)


def _curl(gateway: Gateway) -> str:
    head = f"curl --location --request POST '{gateway.url}' \\\n"
    headers = "--header 'Authorization: Bearer <token>' \\\n"
    return f"{head}{headers}--data-raw '{json.dumps(gateway.asked, indent=2)}'"


def glued(gateway: Gateway) -> str:
    """The text that is left of an Apifox page, words glued to its JSON."""
    rows = "\n".join(
        f"{one.name} {one.schema['type']} {'必需' if one.required else '可选'}\n"
        f"{chinese(one.schema)}"
        for one in gateway.inputs
    )
    asked, answer = (json.dumps(it, indent=1) for it in (gateway.asked, gateway.answer))
    return (
        f"创建任务 {gateway.model}\n"
        f"POST {gateway.url} 官方文档:https://replicate.com/x\n请求参数\n"
        "Authorization 在 Header 添加参数 Authorization ,其值为在 Bearer 之后拼接 Token "
        "示例: Authorization: Bearer <token> Header 参数 生成代码\n"
        "Body 参数application/json 生成代码\n"
        f"input object 必需\n模型输入\n{rows}\n示例\n{asked}请求示例代码\n"
        f"Shell JavaScript Java 请求示例请求示例 cURLcURL-Windows\n{_curl(gateway)}返回响应\n"
        f"🟢{gateway.status}成功 application/json生成代码 Body 生成代码 示例\n"
        f"{answer}修改于 2026-01-02 03:04:05\n"
    )


def lines(gateway: Gateway) -> str:
    """A page with one line for each cell of its tables, in English."""
    rows = "\n".join(
        f"{one.name} {one.schema['type']}\n{'required' if one.required else 'optional'}\n"
        f"{english(one.schema)}"
        for one in gateway.inputs
    )
    asked, answer = (json.dumps(it, indent=4) for it in (gateway.asked, gateway.answer))
    return (
        f"Sign up\n\nPOST {gateway.url} Try it →\nAuthorization\n\n"
        "Body parameters application/json\n"
        f"input object\nrequired\nWhat the model takes.\n{rows}\nExample\n{asked}\n\n"
        f"Request example\n\n{_curl(gateway)}\n\nResponse\n\n"
        f"Status: {gateway.status}\n\nExample\n{answer}\n"
    )


def markdown(gateway: Gateway) -> str:
    """Markdown with a table of parameters, a curl command, and JSON."""
    rows = "\n".join(
        f"| `input.{one.name}` | {one.schema['type']} | {'yes' if one.required else 'no'} "
        f"| {english(one.schema)} |"
        for one in gateway.inputs
    )
    return (
        f"# A model\n\n## POST {gateway.url}\n\n"
        "| Parameter | Type | Required | Description |\n|---|---|---|---|\n"
        f"| `input` | object | yes | What the model takes. |\n{rows}\n\n"
        f"```sh\n{_curl(gateway)}\n```\n\n### Response {gateway.status}\n\n"
        f"```json\n{json.dumps(gateway.answer, indent=2)}\n```\n"
    )


def openapi(gateway: Gateway) -> dict[str, Any]:
    """An OpenAPI document, the facts in its schema."""
    input_ = {
        "type": "object",
        "required": [one.name for one in gateway.inputs if one.required],
        "properties": {one.name: dict(one.schema) for one in gateway.inputs},
    }
    body = {"type": "object", "required": ["input"], "properties": {"input": input_}}
    asked = {"application/json": {"schema": body, "example": gateway.asked}}
    told = {"description": "", "content": {"application/json": {"example": gateway.answer}}}
    post = {
        "requestBody": {"required": True, "content": asked},
        "responses": {str(gateway.status): told},
    }
    return {
        "openapi": "3.0.3",
        "info": {"title": "A gateway", "version": "1"},
        "servers": [{"url": f"https://{gateway.host}{gateway.base_path}"}],
        "security": [{"key": []}],
        "paths": {f"/models/{gateway.model}/predictions": {"post": post}},
        "components": {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
    }


def openapi_json(gateway: Gateway) -> str:
    """The document in JSON, in one line."""
    return json.dumps(openapi(gateway))


def openapi_yaml(gateway: Gateway) -> str:
    """The document in YAML, within a page, its facts in Chinese sentences."""
    whole = openapi(gateway)
    (path,) = whole["paths"].values()
    schema = path["post"]["requestBody"]["content"]["application/json"]["schema"]
    for one in gateway.inputs:
        told = {"type": one.schema["type"], "description": chinese(one.schema)}
        schema["properties"]["input"]["properties"][one.name] = told
    text = yaml.safe_dump(whole, allow_unicode=True, sort_keys=False)
    return f"创建任务\n\nyaml\n{text}\n某某 — 聚合服务\n"


STYLES: Final[tuple[Callable[[Gateway], str], ...]] = (
    *(glued, lines, markdown, openapi_json, openapi_yaml),
)
"""Every style."""
