package org.mailrack.smtp.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;

import org.junit.jupiter.api.Test;

import org.mailrack.api.net.Endpoint.TlsMode;
import org.mailrack.api.net.Protocol;
import org.mailrack.testkit.TestConnection;

/** The components as the container puts them together, with their real threads. */
class ComponentsTest {

    private final Rack rack = new Rack();
    private final SmtpServices shared = new SmtpServices(rack, rack, rack, rack.config());

    private static TestConnection open(Protocol protocol, TlsMode tls) {
        return TestConnection.open(protocol, TestConnection.endpoint("test", tls, Map.of()));
    }

    @Test
    void eachProtocolTakesMail() {
        TestConnection smtp = open(new IncomingProtocol(shared), TlsMode.NONE);
        smtp.lines("EHLO x", "MAIL FROM:<>", "RCPT TO:<bob@hamburger.edu>", "DATA", "Subject: x", "", ".", "QUIT");
        assertThat(smtp.awaitClosed()).contains("220 ", "250 2.6.0", "221 ");
        TestConnection lmtp = open(new LmtpProtocol(shared), TlsMode.NONE);
        lmtp.lines("LHLO x", "MAIL FROM:<>", "RCPT TO:<bob@hamburger.edu>", "DATA", "Subject: x", "", ".", "QUIT");
        assertThat(lmtp.awaitClosed()).contains("LMTP", "250 2.6.0", "221 ");
        TestConnection submission = open(new SubmissionProtocol(shared, rack), TlsMode.IMPLICIT);
        submission.lines("EHLO x", "AUTH PLAIN AGJvYkBoYW1idXJnZXIuZWR1AGh1bmdyeQ==", "MAIL FROM:<>");
        submission.lines("RCPT TO:<alice@crepes.fr>", "DATA", "Subject: x", "", ".", "QUIT");
        assertThat(submission.awaitClosed()).contains("235 ", "250 2.6.0", "221 ");
        assertThat(rack.mails).hasSize(3);
    }

    @Test
    void aChangedSettingAppliesToTheNextConnection() {
        Protocol protocol = new IncomingProtocol(shared);
        TestConnection before = open(protocol, TlsMode.NONE);
        rack.config.put("max.message.size", 1_000_000L);
        shared.modified(rack.config());
        assertThat(before.exchange("EHLO x")).contains("SIZE 52428800");
        assertThat(open(protocol, TlsMode.NONE).exchange("EHLO x")).contains("SIZE 1000000");
        rack.config.put("max.message.size", 1L);
        assertThatThrownBy(() -> shared.modified(rack.config())).hasMessageContaining("max.message.size");
        assertThat(open(protocol, TlsMode.NONE).exchange("EHLO x")).contains("SIZE 1000000");
    }

    @Test
    void aNumberOfThreadsThatIsNoneIsRefusedByName() {
        rack.config.put("worker.threads", 0);
        assertThatThrownBy(() -> new SmtpServices(rack, rack, rack, rack.config()))
                .hasMessageContaining("worker.threads");
    }

    @Test
    void aCommandThatIsAddedIsThereUntilItIsRemoved() {
        CommandRegistry registry = CommandRegistry.standard();
        SmtpCommand added = new SmtpCommand() {
            @Override
            public String verb() {
                return "XFOO";
            }

            @Override
            public Step execute(Dialog dialog, String argument) {
                return Step.of(Replies.OK);
            }
        };
        var registration = registry.add(added);
        assertThat(registry.find("XFOO", Flavor.SMTP)).contains(added);
        assertThatThrownBy(() -> registry.add(new NoopCommand())).hasMessageContaining("NOOP");
        registration.close();
        assertThat(registry.find("XFOO", Flavor.SMTP)).isEmpty();
    }
}
