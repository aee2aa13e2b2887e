"""auth.tesla.com: sign in, consent, and change your mind.

Rules of this room:

1. Nothing is remembered between two pages but who signed in (a cookie); the app's question travels in the address.
2. A redirect URI that is not the app's own gets an error page, never a redirect.
3. Who consented before goes straight back with the old scopes, unless the app asks for missing ones.
"""

import secrets
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from starlette.datastructures import FormData, QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from tesla_simulator.accounts import ALWAYS_GRANTED, Account, Consent
from tesla_simulator.auth.words import NAMES
from tesla_simulator.pages.rendering import render
from tesla_simulator.portal import App
from tesla_simulator.world import World

COOKIE: Final = "tesla_sim_session"
_WRONG_REDIRECT: Final = (
    "We don't recognize this redirect URI/URL. Please use the redirect URI/URL found in your app details."
)


_LOCKED: Final = "For your safety this account is locked. Contact customer support to unlock it."
_TERMS: Final = "Something in your account waits for you. Open the Tesla app and accept the new terms, then come back."


class Misasked(Exception):
    """The app's question is wrong; the page says so and nobody is redirected."""


@dataclass(frozen=True)
class Question:
    """What an app asks with an authorize link. `scopes` are those the app may ask for at all."""

    app: App
    redirect_uri: str
    scopes: list[str]
    state: str
    nonce: str
    locale: str
    prompts_login: bool
    prompts_missing_scopes: bool
    requires_all: bool
    shows_keypair_step: bool

    def must_ask(self, consent: Consent | None) -> bool:
        if consent is None:
            return True
        missing = set(self.scopes) - set(consent.scopes)
        return bool(missing) and (self.prompts_missing_scopes or self.requires_all)

    def back(self, **answer: str) -> RedirectResponse:
        parts = urlsplit(self.redirect_uri)
        query = [*parse_qsl(parts.query, keep_blank_values=True), *answer.items()]
        if self.state:
            query.append(("state", self.state))
        return RedirectResponse(urlunsplit(parts._replace(query=urlencode(query))), 303)

    def cancelled(self) -> RedirectResponse:
        return self.back(error="login_cancelled", error_description="User cancelled login")


def question_of(query: QueryParams, world: World) -> Question:
    """Raises `Misasked`."""
    app = world.portal.app(query.get("client_id", ""))
    if app is None:
        raise Misasked("We don't recognize this client_id.")
    if query.get("redirect_uri", "") not in app.redirect_uris:
        raise Misasked(_WRONG_REDIRECT)
    if query.get("response_type") != "code":
        raise Misasked("The response_type must be code.")
    if not query.get("state"):
        raise Misasked("The state parameter is missing.")
    asked = query.get("scope", "").split()
    may_ask = {*app.scopes, *world.portal.always_granted(app.client_id)}
    scopes = [scope for scope in NAMES if scope in asked and scope in may_ask]
    if "openid" not in scopes:
        raise Misasked("The scope must contain openid.")
    return Question(
        app=app,
        redirect_uri=query["redirect_uri"],
        scopes=scopes,
        state=query.get("state", ""),
        nonce=query.get("nonce", ""),
        locale=query.get("locale", ""),
        prompts_login=query.get("prompt") == "login",
        prompts_missing_scopes=query.get("prompt_missing_scopes") == "true",
        requires_all=query.get("require_requested_scopes") == "true",
        shows_keypair_step=query.get("show_keypair_step") == "true",
    )


class AccountLocked(Exception):
    """Whoever signs in is told so, and stays on the page."""


class TermsFirst(Exception):
    """The same, for an account in which something is to be agreed to first."""


class NetworkRefused(Exception):
    """Whoever comes from this network gets no page of Tesla's at all."""


class AuthPages:
    """The site that drivers see in their browser."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        both = ["GET", "POST"]
        return [
            Route("/oauth2/v3/authorize", self._told(self.authorize), methods=both),
            Route("/oauth2/v3/consent", self._told(self.consent), methods=both),
            Route("/user/revoke/consent", self._told(self.change_consent), methods=both),
        ]

    async def authorize(self, request: Request) -> Response:
        """Sign in; or straight on, when the browser is signed in and the app does not insist."""
        question = question_of(request.query_params, self._world)
        if _is_a_browser(request) and self._world.phone.record.network_is_refused:
            raise NetworkRefused
        if request.method == "GET":
            account = self._signed_in(request)
            if account is None or question.prompts_login:
                return self._login_page(request)
            return self._signed_in_goes_on(request, question, account)
        form = await request.form()
        if form.get("answer") == "cancel":
            return question.cancelled()
        account = self._account_in(form)
        if account is None:
            return self._login_page(request, wrong_email=str(form.get("email", "")))
        if account.record.is_locked:
            raise AccountLocked
        if account.record.has_terms_to_accept:
            raise TermsFirst
        answer = self._signed_in_goes_on(request, question, account)
        self._remember(answer, account)
        return answer

    async def consent(self, request: Request) -> Response:
        """The tick boxes."""
        question = question_of(request.query_params, self._world)
        account = self._signed_in(request)
        if account is None:
            return _onward(request, "/oauth2/v3/authorize")
        if request.method == "GET":
            return self._consent_page(request, question, account)
        form = await request.form()
        if form.get("answer") == "cancel":
            return question.cancelled()
        ticked = _ticked(form)
        if question.requires_all and not set(question.scopes) <= {*ticked, *ALWAYS_GRANTED}:
            return self._consent_page(request, question, account)
        before = account.consent_to(question.app.client_id)
        not_asked = [s for s in (before.scopes if before else []) if s not in question.scopes]
        granted = [scope for scope in question.scopes if scope in {*ticked, *ALWAYS_GRANTED}]
        account.consents(question.app.client_id, [*not_asked, *granted], always=())
        return self._back_with_code(question, account)

    async def change_consent(self, request: Request) -> Response:
        """What Tesla calls consent management: other ticks, or none at all."""
        app = self._world.portal.app(request.query_params.get("revoke_client_id", ""))
        if app is None:
            raise Misasked("We don't recognize this client_id.")
        back_url = request.query_params.get("back_url", "")
        if back_url and not _belongs_to(back_url, app):
            raise Misasked("The back_url does not belong to this app.")
        form = await request.form() if request.method == "POST" else FormData()
        account = self._signed_in(request)
        if account is None:  # a GET has no form: the page asks who is there
            return self._sign_in_here(request, form)
        consent = account.consent_to(app.client_id)
        if request.method == "GET" or consent is None:
            return self._manage_page(request, app, account, consent, back_url)
        if form.get("answer") == "revoke":
            account.revokes_consent(app.client_id)
        elif form.get("answer") == "change":
            kept = [scope for scope in consent.scopes if scope in ALWAYS_GRANTED]
            account.consents(app.client_id, [*_ticked(form), *kept], always=())
        if back_url:
            return RedirectResponse(back_url, 303)
        consent = account.consent_to(app.client_id)
        return self._manage_page(request, app, account, consent, back_url)

    # ── pages and ways on ────────────────────────────────────────────────────

    def _signed_in_goes_on(self, request: Request, question: Question, account: Account) -> Response:
        if question.must_ask(account.consent_to(question.app.client_id)):
            return _onward(request, "/oauth2/v3/consent")
        return self._back_with_code(question, account)

    def _back_with_code(self, question: Question, account: Account) -> Response:
        code = self._world.tokens.new_code(
            account,
            question.app.client_id,
            question.redirect_uri,
            nonce=question.nonce,
            state=question.state,
            locale=question.locale,
        )
        return question.back(code=code)

    def _sign_in_here(self, request: Request, form: FormData) -> Response:
        account = self._account_in(form)
        if account is None:
            return self._login_page(request, wrong_email=str(form.get("email", "")))
        answer = RedirectResponse(_here(request), 303)
        self._remember(answer, account)
        return answer

    def _login_page(self, request: Request, wrong_email: str = "") -> Response:
        known = [(account.email, account.record.full_name) for account in self._world.accounts.values()]
        error = f"There is no account with the address {wrong_email}." if wrong_email else ""
        return render(
            request,
            "login.html",
            action=_here(request),
            hidden={},
            email=wrong_email or request.query_params.get("login_hint", ""),
            accounts=known,
            error=error,
        )

    def _consent_page(self, request: Request, question: Question, account: Account) -> Response:
        return render(
            request,
            "consent.html",
            action=_here(request),
            hidden={},
            app_name=question.app.name,
            domain=self._domain(question.app, account),
            email=account.email,
            scopes=_boxes(
                question.scopes,
                locked=question.scopes if question.requires_all else ALWAYS_GRANTED,
                ticked=[s for s in question.scopes if question.requires_all or s not in account.record.keeps_back],
            ),
            key_step=question.shows_keypair_step,
        )

    def _manage_page(
        self, request: Request, app: App, account: Account, consent: Consent | None, back_url: str
    ) -> Response:
        scopes = [scope for scope in NAMES if scope in {*app.scopes, *ALWAYS_GRANTED}] if consent else []
        return render(
            request,
            "revoke.html",
            action=_here(request),
            hidden={},
            app_name=app.name,
            domain=self._domain(app, account),
            email=account.email,
            scopes=_boxes(scopes, ALWAYS_GRANTED, ticked=consent.scopes if consent else None),
            back_url=back_url,
        )

    def _domain(self, app: App, account: Account) -> str:
        partner = self._world.portal.registration(app.client_id, account.region)
        return partner.domain if partner else ""

    # ── who is it ────────────────────────────────────────────────────────────

    def _signed_in(self, request: Request) -> Account | None:
        email = self._world.record.browsers.get(request.cookies.get(COOKIE, ""), "")
        return self._world.accounts.get(email)

    def _account_in(self, form: FormData) -> Account | None:
        return self._world.accounts.get(str(form.get("email", "")).strip().lower())

    def _remember(self, answer: Response, account: Account) -> None:
        session = secrets.token_urlsafe(24)
        self._world.record.browsers[session] = account.email
        answer.set_cookie(COOKIE, session, httponly=True, samesite="lax", path="/")

    @staticmethod
    def _told(page: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        async def page_or_reason(request: Request) -> Response:
            try:
                return await page(request)
            except Misasked as error:
                return render(request, "auth_error.html", status=400, title="This does not work", says=str(error))
            except AccountLocked:
                return render(request, "auth_error.html", status=423, title="Your account is locked", says=_LOCKED)
            except TermsFirst:
                return render(request, "auth_error.html", status=403, title="One thing first", says=_TERMS)
            except NetworkRefused:
                return render(request, "auth_error.html", status=403, title="Access Denied", says="")

        return page_or_reason


def _boxes(
    scopes: Iterable[str], locked: Iterable[str], ticked: Iterable[str] | None = None
) -> list[dict[str, object]]:
    """`ticked` None: all of them."""
    return [
        {
            "name": scope,
            "title": NAMES[scope][0],
            "says": NAMES[scope][1],
            "locked": scope in locked,
            "ticked": ticked is None or scope in ticked,
        }
        for scope in scopes
    ]


def _is_a_browser(request: Request) -> bool:
    """Everybody here comes from one address, so that an app's own look is told from a driver's by its name."""
    return request.headers.get("user-agent", "").startswith("Mozilla/")


def _ticked(form: FormData) -> list[str]:
    return [str(scope) for scope in form.getlist("scope")]


def _here(request: Request) -> str:
    """This page's own address, for a form that comes back to it."""
    return f"{request.url.path}?{request.query_params}"


def _onward(request: Request, path: str) -> RedirectResponse:
    """To another page of this site, with the same question."""
    root: str = request.scope["root_path"]
    return RedirectResponse(f"{root}{path}?{request.query_params}", 303)


def _belongs_to(url: str, app: App) -> bool:
    """No open redirect: only to where the app lives."""
    home = [urlsplit(known)[:2] for known in (*app.redirect_uris, *app.allowed_origins)]
    return urlsplit(url)[:2] in home
