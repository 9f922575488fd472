package org.mailrack.pop3.internal;

import java.lang.reflect.Proxy;
import java.util.Map;

import org.mailrack.api.mailbox.Mailboxes;
import org.mailrack.api.net.Endpoint.TlsMode;
import org.mailrack.api.net.Protocol;
import org.mailrack.testkit.TestConnection;

/** A POP3 server without a network. Logins run in the test's own thread. */
final class Rig {

    final FakePeople people = new FakePeople();
    final FakeMailbox inbox = new FakeMailbox();
    private final Settings settings;
    private final MaildropLocks locks = new MaildropLocks();

    Rig() {
        this(Map.of());
    }

    Rig(Map<String, Object> changed) {
        settings = settings(changed);
    }

    static Settings settings(Map<String, Object> changed) {
        return Settings.of((Pop3Config) Proxy.newProxyInstance(
                Rig.class.getClassLoader(), new Class<?>[] {Pop3Config.class}, (proxy, method, args) -> {
                    Object value = changed.getOrDefault(method.getName(), method.getDefaultValue());
                    if (value instanceof RuntimeException broken) {
                        throw broken;
                    }
                    return value;
                }));
    }

    static Protocol protocol(FakePeople people, Mailboxes mailboxes) {
        return new Pop3Protocol(people, people, mailboxes, settings(Map.of()));
    }

    TestConnection connect() {
        return connect(TlsMode.STARTTLS);
    }

    TestConnection connect(TlsMode tls) {
        TestConnection connection = new TestConnection(TestConnection.endpoint("pop3", tls, Map.of()));
        Services services = new Services(people, people, inbox.mailboxes(), locks, Runnable::run, settings);
        return connection.start(new Pop3Session(connection, services));
    }

    /** A client that has been greeted and has logged in. */
    TestConnection login() {
        TestConnection client = connect();
        client.lines("user bob", "pass hungry");
        String answers = client.read();
        if (!answers.contains("maildrop has")) {
            throw new AssertionError(answers);
        }
        return client;
    }
}
