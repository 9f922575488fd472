/**
 * POP3: serves the INBOX of an account as a maildrop.
 *
 * <p>Standards: RFC 1939 (POP3), RFC 2449 (CAPA and response codes), RFC 2595 section 4 and RFC 8314 (TLS), RFC 3206 (SYS and
 * AUTH codes), RFC 5034 (AUTH), RFC 6856 (UTF8 and LANG).
 *
 * <p>APOP is left out on purpose: it needs every password in clear text on the server, and proves it with MD5. TLS protects
 * USER and PASS better.
 *
 * <p>What a client may rely on: the maildrop is INBOX as it was at the login, messages that come later are seen by the next
 * session; one session at a time has a maildrop; messages are removed after QUIT and never when the connection drops or idles
 * out (RFC 1939 sections 3 and 6); a unique-id is UIDVALIDITY and UID, so it is the same in every session and never given to
 * another message; a message that was retrieved is marked as seen at QUIT.
 *
 * <p>Sizes in LIST and STAT are those of the stored octets. They are what RETR sends, byte-stuffing aside, because contents have
 * CRLF line ends. Should one have a bare CR or LF nevertheless, RETR sends CRLF in its place, and some octets more than LIST
 * said: a bare line end could end the message early for a client that takes it for one, and knowing better in LIST would mean to
 * read the whole maildrop at each login.
 *
 * <p>Guards against: endless lines, floods of bad commands, guessing of passwords in one session (the directory guards across
 * sessions), two sessions that remove the same messages, content that ends a response early. Limits: the settings of
 * {@link org.mailrack.pop3.internal.Pop3Config}; a message is never held in memory.
 */
package org.mailrack.pop3.internal;
