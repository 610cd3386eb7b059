"""Where runs happen, and people who were there before: each is made once, and put back as it was for every fault."""

from dataclasses import dataclass
from functools import cached_property

from conftest import dispatch, new_person
from kept import Kept
from proxy import Rule
from test_money import Fake, arrived, buy


@dataclass
class World:
    """Where runs happen, and people who were there before."""

    where: dict
    owner: object
    proxy: object
    photo: bytes
    receiver: object

    @cached_property
    def fake(self) -> Fake:
        return Fake(self.where)

    @cached_property
    def orders(self):
        """Somebody who orders."""
        return new_person(self.where)

    @cached_property
    def waiting(self):
        """Somebody with one generation in the queue."""
        person = new_person(self.where)
        return person, self.ordered(person), Kept(self.owner, person.id)

    @cached_property
    def stored(self):
        """Somebody with a generation whose worker died after it had stored everything."""
        _, _, kept = self.waiting
        kept.put_back()
        self.proxy.play()
        dispatch(self.owner, *self.waiting[:2])
        last = max(at for at, call in enumerate(self.proxy.calls) if call == "S3.PUT")
        person = new_person(self.where)
        generation = self.ordered(person)
        self.proxy.play(Rule("dies_after", last))
        dispatch(self.owner, person, generation)
        self.proxy.play()
        return person, generation, Kept(self.owner, person.id)

    @cached_property
    def finished(self):
        """Somebody with a finished model."""
        person, generation = self._with_model()
        return person, generation, Kept(self.owner, person.id)

    @cached_property
    def exports(self):
        """Somebody with a finished model who asked for a copy of everything."""
        person, _ = self._with_model()
        assert person.post("/api/me/exports").status_code == 202
        return person, Kept(self.owner, person.id)

    @cached_property
    def leaves(self):
        """Somebody with a model, an upload, a customer at Stripe and an export who wants the account deleted."""
        person, generation = self._with_model()
        person.upload(self.photo)
        url = buy(person).json()["url"]
        self.fake.pay(url)
        arrived(person, url.rsplit("/", 1)[1])
        person.post("/api/me/exports")
        self.owner.run_privacy()
        assert person.post("/api/me/deletion").status_code == 202
        return person, generation, Kept(self.owner, person.id)

    @cached_property
    def hooked(self):
        """Somebody with a webhook and one delivery that waits."""
        person = new_person(self.where)
        hook = person.post("/api/me/webhooks", {"url": self.receiver.url, "kinds": ["generation.succeeded"]}).json()
        assert person.post(f"/api/me/webhooks/{hook['webhook']['id']}/test").status_code == 202
        return person, hook["secret"], Kept(self.owner, person.id)

    @cached_property
    def pays(self):
        """Somebody who pays, and Stripe that tells of it."""
        person = new_person(self.where)
        account = next(row["account"] for row in self.owner.rows(person.id) if row["sk"] == "PROFILE")
        return person, account, Kept(self.owner, person.id)

    def _with_model(self):
        person = new_person(self.where)
        generation = self.ordered(person)
        dispatch(self.owner, person, generation)
        return person, generation

    def ordered(self, person) -> str:
        made = person.create(person.upload(self.photo), options={"faces": 500, "texture_size": 512})
        assert made.status_code == 202, made.text
        return made.json()["id"]

    def stranger_sees_nothing(self, path: str) -> None:
        assert self.stranger.get(path).status_code == 404, f"another person sees {path}"

    @cached_property
    def stranger(self):
        return new_person(self.where)
