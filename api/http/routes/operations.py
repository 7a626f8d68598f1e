"""The routes by which a server is watched."""

from fastapi import APIRouter, Response

from onrecord.api.http.messages.answers import HealthResponse, ReadyResponse
from onrecord.api.http.shared import examples
from onrecord.api.http.shared.metrics import MEDIA_TYPE
from onrecord.api.http.shared.parts import CurrentParts, CurrentServices
from onrecord.api.http.shared.problems import UNUSABLE

router = APIRouter()


@router.get(
    "/healthz",
    tags=["Operations"],
    summary="Is the process up?",
    response_description="It is.",
    responses=examples.responses(examples.HEALTH),
)
async def healthz() -> HealthResponse:
    """Say that the process is up, also while models are being loaded."""
    return HealthResponse()


@router.get(
    "/readyz",
    tags=["Operations"],
    summary="Can questions be asked?",
    response_description="They can.",
    responses=examples.responses(examples.READY, *UNUSABLE),
)
def readyz(services: CurrentServices) -> ReadyResponse:
    """Say whether models are loaded and the corpus is open; if not, why, and what to do."""
    return ReadyResponse(corpus_generation=services.corpus.generation)


@router.get(
    "/metrics",
    tags=["Operations"],
    summary="Figures for Prometheus",
    response_class=Response,
    response_description="The text exposition format.",
    responses={200: {"content": {MEDIA_TYPE: {"example": examples.METRICS}}}},
)
def metrics(parts: CurrentParts) -> Response:
    """Requests by route and status, times of questions, answers by outcome, and the size of the corpus."""
    services = parts.loading.ready
    return Response(parts.metrics.render(services.corpus if services else None), media_type=MEDIA_TYPE)
