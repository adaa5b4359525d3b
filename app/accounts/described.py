"""How programs get in, in the API's description: signed in as a browser is, or with an API-nyckel where its scope
reaches. Read off the gates, so that it says what they hold."""

from collections.abc import Set
from typing import Any

from fastapi import FastAPI

from app.accounts.access import declared, routes
from app.accounts.roles import Open, Permission
from app.accounts.scopes import Scope
from app.accounts.tokens import BEGINS

SCHEMES = {
    "session": {"type": "apiKey", "in": "cookie", "name": "__Host-sporra", "description": "Inloggad i webbläsaren."},
    "token": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": f"{BEGINS}…",
        "description": "En API-nyckel från Mitt konto. " + " ".join(f"{each}: får {each.label}." for each in Scope),
    },
}


def describe(app: FastAPI) -> None:
    plain = app.openapi

    def described() -> dict[str, Any]:
        schema = plain()  # made once, and kept by FastAPI
        schema["components"]["securitySchemes"] = SCHEMES
        for route in routes(app.routes):
            if route.include_in_schema:
                for method in route.methods or ():
                    asked = declared(route)
                    schema["paths"][route.path_format][method.lower()]["security"] = _ways(asked, method != "GET")
        return schema

    app.openapi = described  # type: ignore[method-assign]


def _ways(asked: Set[Permission | Open], changes: bool) -> list[dict[str, list[str]]]:
    """Any one of them is enough; of the scopes the narrowest that reaches."""
    if Open.ANYONE in asked:
        return []
    scope = next((each for each in Scope if each.reaches(asked, changes=changes)), None)
    return [{"session": []}, *([{"token": [scope.value]}] if scope else [])]
