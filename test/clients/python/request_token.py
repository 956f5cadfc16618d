"""Asks for a token as a script with the requests library does; prints the service's answer, exit code 1 if refused."""

import os
import sys

import requests

host, resource = sys.argv[1:]
answer = requests.post(
    f"https://{host}/{os.environ['AZURE_TENANT_ID']}/oauth2/token",
    data={
        "grant_type": "client_credentials",
        "client_id": os.environ["AZURE_CLIENT_ID"],
        "client_secret": os.environ["AZURE_CLIENT_SECRET"],
        "resource": resource,
    },
    timeout=30,
)
print(answer.text)
sys.exit(0 if answer.ok else 1)
