"""The other way to a model: the real container as a Lambda function, called by the real dispatch function.

The local cloud cannot stream what is no text, so the function is served by the host that serves the stream of events; storage, links and
rows are the cloud's own. On an account, infra/model-function.yaml is the function.
"""

import json
import os
import socket
import subprocess
from pathlib import Path

import pytest
from conftest import REPOSITORY
from photos import saved
from PIL import Image
from prerequisites import SERVERS, listens

DISPATCH, MODEL = "imageto3d-local-dispatch", "imageto3d-local-model"


def serve(owner, port: int, models: Path, log: Path) -> subprocess.Popen:
    """The container as Lambda starts it: one call at a time."""
    environment = {
        "PATH": os.environ["PATH"], "MODEL_DIR": str(models), "AWS_ENDPOINT_URL": owner.place.cloud, "AWS_LAMBDA_FUNCTION_NAME": MODEL,
        "AWS_LAMBDA_FUNCTION_VERSION": "1", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "3008",
    }
    command = [SERVERS / "function-url", str(port), "1", SERVERS / "inference-server", "serve"]
    with log.open("wb") as out:
        served = subprocess.Popen(command, env=environment, stdout=out, stderr=out)
    owner.until(lambda: listens(port) or served.poll() is not None, 20)
    assert served.poll() is None, log.read_text()
    return served


@pytest.fixture(scope="module")
def function(owner, tmp_path_factory):
    """Dispatch as infra/app-work.yaml sets it up where ContainerFunction is given; afterwards as it was."""
    functions = owner.cloud.client("lambda")
    before = functions.get_function_configuration(FunctionName=DISPATCH)["Environment"]["Variables"]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("function") / "model.log"
    served = serve(owner, port, REPOSITORY / ".local" / "models", log)
    ways = {"ENDPOINT_NAME": "", "INFERENCE_COMPONENT_NAME": "", "CONTAINER_FUNCTION": MODEL, "AWS_ENDPOINT_URL_LAMBDA": f"http://127.0.0.1:{port}"}
    functions.update_function_configuration(FunctionName=DISPATCH, Environment={"Variables": {**before, **ways}})
    try:
        yield log
    finally:
        functions.update_function_configuration(FunctionName=DISPATCH, Environment={"Variables": before})
        served.kill()
        served.wait()


def test_a_photo_becomes_a_model_without_the_endpoint(function, person, owner, coffee):
    made = person.make(coffee, options={"faces": 3000})
    assert made["status"] == "SUCCEEDED", made
    assert (made["model"]["watertight"], made["model"]["engine"]) == (True, "relief")
    assert person.credits() == {"available": 9, "held": 0}
    lines = [json.loads(line) for line in function.read_text().splitlines() if line.startswith("{")]
    done = [line for line in lines if line.get("message") == "model made" and line["generation.id"] == made["id"]]
    assert len(done) == 1, "this function made it, and once"
    assert "X-Amz-" not in function.read_text(), "the link opens the photo"


def test_a_photo_without_an_object_is_refused_in_the_containers_words(function, person):
    made = person.make(saved(Image.new("RGBA", (128, 128), (0, 0, 0, 0)), "PNG"))
    assert (made["status"], made["failure"]["type"]) == ("FAILED", "/problems/photo-no-object")
    assert person.credits() == {"available": 10, "held": 0}
