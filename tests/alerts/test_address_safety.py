"""Where a message may not go, however it is written and wherever it leads."""

import pytest

from tracker.alerts.address_safety import check_email, check_target, check_url, normalized_mailbox
from tracker.errors import BadQuestion

REFUSED = [
    "http://127.0.0.1/", "http://127.1/", "http://127.0.1/", "http://2130706433/", "http://017700000001/",
    "http://0x7f000001/", "http://0x7f.0.0.1/", "http://0177.0.0.1/", "http://0/", "http://0.0.0.0/", "http://0x/",
    "http://127.0.0.1./", "http://10.0.0.1/", "http://172.16.0.1/", "http://192.168.1.1/", "http://100.64.0.1/",
    "http://169.254.169.254/latest/meta-data/", "http://2852039166/", "http://0xa9fea9fe/", "http://169.254.43518/",
    "http://192.0.0.1/", "http://192.0.2.1/", "http://198.18.0.1/", "http://224.0.0.1/", "http://240.0.0.1/",
    "http://255.255.255.255/", "http://[::1]/", "http://[::]/", "http://[0:0:0:0:0:0:0:1]/", "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/", "http://[::ffff:169.254.169.254]/", "http://[::127.0.0.1]/", "http://[fe80::1]/",
    "http://[fe80::1%25eth0]/", "http://[::1%25lo]/", "http://[fc00::1]/", "http://[fd00:ec2::254]/", "http://[fec0::1]/",
    "http://[ff02::1]/", "http://[64:ff9b::7f00:1]/", "http://[64:ff9b::a9fe:a9fe]/", "http://[64:ff9b:1::7f00:1]/",
    "http://[2002:7f00:1::]/", "http://[2002:a9fe:a9fe::1]/", "http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/",
    "http://[2001:db8::1]/", "http://[100::1]/", "http://localhost/", "http://LOCALHOST./", "http://a.localhost/",
    "http://printer/", "http://router.lan/", "http://metadata.google.internal/", "http://nas.local/", "http:///x",
    "http://", "//example.org/", "example.org", "", "ftp://example.org/", "file:///etc/passwd", "gopher://example.org/",
    "javascript:alert(1)", "http://example.org@127.0.0.1/", "http://user:secret@example.org/", "http://@example.org/",
    "http://127.0.0.1#@example.org/", "http://127.0.0.1\\@example.org/", "http://example.org\\@127.0.0.1/",
    "http://example.org:22/", "http://example.org:25/", "http://example.org:0/", "http://example.org:99999/",
    "http://example.org:x/", "http://exa mple.org/", "http://example.org/\r\nHost: x", "http://example.org/\t",
    "http://ex\u00e4mple.org/", "http://\u2460\u2461\u2466.0.0.1/", "http://example\u3002org/", "http://[::1",
    "http://ex_ample..org/", "http://-.org/", "http://example.0x7f/", "http://example.1/", "http://%31%32%37.0.0.1/",
    "http://example.org/" + "a" * 1000, "http://168.63.129.16/", "http://192.0.0.192/", "http://192.88.99.1/",
    "http://[2606:2800:220:1:0:5efe:7f00:1]/", "http://[2606:2800:220:1:200:5efe:a9fe:a9fe]/",
]  # fmt: skip
ALLOWED = [
    "https://example.org/hook", "http://example.org/hook?x=1#y", "https://example.org:8443/", "http://93.184.216.34/",
    "https://[2606:2800:220:1:248:1893:25c8:1946]/", "https://xn--exmple-cua.org/", "https://example.org./",
]  # fmt: skip
INSIDE = ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "fe80::1", "fe80::1%eth0", "::ffff:10.0.0.1", "fd00::1"]


@pytest.mark.parametrize("url", REFUSED)
def test_an_address_that_leads_inside_or_misleads_is_refused_as_it_is_written(url):
    with pytest.raises(BadQuestion):
        check_url(url)
    with pytest.raises(BadQuestion):
        check_target(url, lambda host, port: pytest.fail(f"{host} was looked up"))


@pytest.mark.parametrize("url", ALLOWED)
def test_an_address_of_the_public_web_is_taken(url):
    assert check_url(url) == url
    assert check_target(url, lambda host, port: ["93.184.216.34"]).address == "93.184.216.34"


@pytest.mark.parametrize("inside", INSIDE)
def test_a_name_that_leads_inside_by_any_of_its_addresses_is_refused(inside):
    for addresses in ([inside], ["93.184.216.34", inside], [inside, "93.184.216.34"]):
        with pytest.raises(BadQuestion, match="inside a network"):
            check_target("https://example.org/", lambda host, port, found=addresses: found)


def test_a_name_is_looked_up_once_and_only_the_address_judged_is_used():
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    target = check_target("https://example.org/hook", lambda host, port: next(answers))
    assert (target.host, target.port, target.address) == ("example.org", 443, "93.184.216.34")
    assert next(answers) == ["127.0.0.1"]


def test_a_name_without_an_address_may_have_one_later():
    with pytest.raises(OSError, match="has no address"):
        check_target("https://example.org/", lambda host, port: [])


def test_inside_addresses_may_be_allowed_and_nothing_else_is():
    assert check_url("http://127.0.0.1:8080/x", private=True)
    assert check_url("http://hooks.internal/x", private=True)
    for url in ("ftp://127.0.0.1/", "http://u@127.0.0.1/", "http://2130706433/", "http://127.0.0.1:22/"):
        with pytest.raises(BadQuestion):
            check_url(url, private=True)


@pytest.mark.parametrize(
    "text",
    [
        "", "someone", "@example.org", "a@", "a@b", "a@b.c-", "a b@example.org", "a@exa mple.org", "a@example.org\n",
        "a@example.org\r\nBcc: b@example.org", "a@example.org\0", "a@example.org,b@example.org", "<a@example.org>",
        "A <a@example.org>", '"a b"@example.org', "a@[127.0.0.1]", "a@127.0.0.1", "a..b@example.org", ".a@example.org",
        "a.@example.org", "a@.example.org", "a@example..org", "a@-example.org", "a\u00e4@example.org",
        "a@ex\u00e4mple.org",
        "a%0d%0aBcc:b@example.org\r", "a(comment)@example.org", "a@b@example.org", "a" * 65 + "@example.org",
        "a@" + "b" * 64 + ".org", "a@" + "b." * 130 + "org", "a;b@example.org", "a:b@example.org", "a\\b@example.org",
    ],
)  # fmt: skip
def test_anything_that_is_not_plainly_one_address_is_refused(text):
    with pytest.raises(BadQuestion, match="not an e-mail address"):
        check_email(text)


@pytest.mark.parametrize(
    "text", ["a@example.org", "first.last+tag@sub.example.org", "o'neil@example.org", "x@xn--fiq.cn"]
)
def test_a_plain_address_is_taken(text):
    assert check_email(f" {text.replace('example', 'EXAMPLE')} ") == text


def test_a_mailbox_is_counted_once_however_it_is_spelled():
    assert {normalized_mailbox(each) for each in ("A@example.org", "a+x@example.org", "a+y+z@EXAMPLE.org")} == {
        "a@example.org"
    }


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("J.o.h.n+news@GoogleMail.com", "john@gmail.com"), ("jo.hn@gmail.com", "john@gmail.com"),
        ("j-o_h.n@pm.me", "john@proton.me"), ("j.ohn@example.org", "j.ohn@example.org"),
        ("john@gmail.com.example.org", "john@gmail.com.example.org"),
    ],
)  # fmt: skip
def test_a_mailbox_is_known_by_what_its_provider_makes_of_it(address, mailbox):
    assert normalized_mailbox(address) == mailbox
