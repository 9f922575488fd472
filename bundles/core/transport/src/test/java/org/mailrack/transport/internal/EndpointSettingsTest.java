package org.mailrack.transport.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.mailrack.api.net.Endpoint.TlsMode;

class EndpointSettingsTest {

    private static EndpointSettings parse(String... pairs) throws SettingException {
        Map<String, Object> all = new HashMap<>(Map.of(
                "service.pid",
                "org.mailrack.transport.endpoint~pop3",
                "service.factoryPid",
                EndpointSettings.PID,
                "felix.fileinstall.filename",
                "file:/srv/rack/etc/org.mailrack.transport.endpoint-pop3.cfg"));
        for (int i = 0; i < pairs.length; i += 2) {
            all.put(pairs[i], pairs[i + 1]);
        }
        return EndpointSettings.parse(all);
    }

    @Test
    void needsNoMoreThanAPort() throws Exception {
        EndpointSettings settings = parse("port", "10110");
        assertThat(settings.endpoint().name()).isEqualTo("pop3");
        assertThat(settings.endpoint().protocol()).isEqualTo("pop3");
        assertThat(settings.endpoint().address().toString()).isEqualTo("/127.0.0.1:10110");
        assertThat(settings.endpoint().tls()).isEqualTo(TlsMode.NONE);
        assertThat(settings.endpoint().settings()).isEmpty();
        assertThat(settings.enabled()).isTrue();
    }

    @Test
    void passesOtherSettingsOnToTheProtocol() throws Exception {
        EndpointSettings settings = parse(
                "port", " 1 ", "name", "submission", "protocol", "smtp", "auth.required", "true", "tls", "starttls");
        assertThat(settings.endpoint().name()).isEqualTo("submission");
        assertThat(settings.endpoint().protocol()).isEqualTo("smtp");
        assertThat(settings.endpoint().tls()).isEqualTo(TlsMode.STARTTLS);
        assertThat(settings.endpoint().settings()).isEqualTo(Map.of("auth.required", "true"));
    }

    @Test
    void readsTimesWithTheirUnits() throws Exception {
        EndpointSettings.Limits limits = parse(
                        "port", "1", "absent.wait", "250", "write.timeout", "3m", "handshake.timeout", "7 s")
                .limits();
        assertThat(limits.absentWait()).isEqualTo(Duration.ofMillis(250));
        assertThat(limits.writeTimeout()).isEqualTo(Duration.ofMinutes(3));
        assertThat(limits.handshakeTimeout()).isEqualTo(Duration.ofSeconds(7));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "port|abc|'abc' is no number from 0 to 65535",
                "port|65536|'65536' is no number from 0 to 65535",
                "tls|ssl|'ssl' is none of none, starttls, implicit",
                "enabled|maybe|'maybe' is neither true nor false",
                "max.connections|0|'0' is no number from 1 to 10000000",
                "write.timeout|soon|'soon' is no time such as 500 ms, 30 s, 5 m or 1 h",
            })
    void aBrokenSettingIsOneLineThatNamesItAndItsFile(String setting, String value, String why) {
        assertThatThrownBy(() -> parse("port", "1", setting, value))
                .isInstanceOf(SettingException.class)
                .hasMessage("endpoint pop3: " + why + " (setting " + setting
                        + " in org.mailrack.transport.endpoint-pop3.cfg)");
    }

    @Test
    void aMissingPortIsNamed() {
        assertThatThrownBy(() -> parse()).hasMessageContaining("port is not set (setting port in");
    }
}
