"""How a call was refused: the status and code that the client gives its caller."""

from azure.core.exceptions import HttpResponseError


def refusal(call, *args, **kwargs):
    try:
        call(*args, **kwargs)
    except HttpResponseError as error:
        code = getattr(error.error, "code", None) or getattr(error, "error_code", None)
        return {"status": error.status_code, "code": code}
    return "not refused"
