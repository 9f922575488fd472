"""Python's own smtplib, imaplib and poplib on one account: ADDRESS PASSWORD CERTIFICATE SUBMISSIONS IMAPS POP3S."""
import imaplib
import poplib
import smtplib
import ssl
import sys
import time

address, password, certificate = sys.argv[1:4]
submissions, imaps, pop3s = map(int, sys.argv[4:7])
tls = ssl.create_default_context(cafile=certificate)

with smtplib.SMTP_SSL("localhost", submissions, context=tls) as smtp:
    smtp.login(address, password)
    smtp.sendmail(address, [address], "Subject: from Python\r\n\r\nDo you like ketchup?\r\n")


def ok(answer):
    assert answer[0] == "OK", answer
    return answer[1]


imap = imaplib.IMAP4_SSL("localhost", imaps, ssl_context=tls)
ok(imap.login(address, password))
end = time.monotonic() + 20
while ok(imap.select("INBOX"))[0] != b"1":
    assert time.monotonic() < end, "nothing arrives"
assert ok(imap.search(None, "UNSEEN", "SUBJECT", '"python"')) == [b"1"]
assert b"ketchup" in ok(imap.fetch("1", "(BODY.PEEK[TEXT])"))[0][1]
assert b"\\Flagged" in ok(imap.store("1", "+FLAGS", r"(\Flagged)"))[0]
ok(imap.append("Drafts", r"(\Draft)", imaplib.Time2Internaldate(0), b"Subject: draft\r\n\r\n"))
assert b"MESSAGES 1" in ok(imap.status("Drafts", "(MESSAGES)"))[0]
ok(imap.create("Recipes"))
ok(imap.copy("1", "Recipes"))
assert any(b"Recipes" in line for line in ok(imap.list()))
assert imap.logout()[0] == "BYE"

pop = poplib.POP3_SSL("localhost", pop3s, context=tls)
pop.user(address)
pop.pass_(password)
assert pop.stat()[0] == 1
assert b"Subject: from Python" in pop.retr(1)[1]
pop.dele(1)
pop.quit()
print("done")
