"""The application with its pages about being told, over a record of a test's own."""

import re

from tracker.app import assemble_app
from tracker.config import Settings
from tracker.storage import repository
from tracker.storage.revision import RevisionProbe
from tracker.web import context
from tracker.web.pages import changes, subscriptions

SITE = "https://treaties.example"


def made(engine, **settings):
    """The application over the record that an engine reaches."""
    given = {"base_url": SITE, "smtp_url": "smtp://127.0.0.1:1", "mail_from": "t@example.org"}
    configured = Settings(**given | settings)
    app = assemble_app(context.LedgerCache(RevisionProbe(engine), lambda: repository.load_ledger(engine)), configured)
    subscriptions.install(app, engine, configured)
    app.register_blueprint(changes.blueprint)
    app.testing = True
    return app


class Visitor:
    """Somebody with a browser: keeps cookies, and sends forms as a page has them."""

    def __init__(self, app):
        self.client = app.test_client()

    def get(self, path):
        return self.client.get(path, base_url=SITE)

    def send(self, path, fields):
        """Open the page, and send its form with the token that is in it."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.get(path).text)[1]
        return self.client.post(path, data={"csrf_token": token, **fields}, base_url=SITE)
