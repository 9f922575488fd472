package org.mailrack.shell.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FailuresTest {

    @Test
    void theComponentsOwnSentenceIsTold() {
        assertThat(Failures.sentence("""
                        java.lang.reflect.InvocationTargetException
                        \tat java.base/X.y(Z.java:1)
                        Caused by: java.lang.IllegalArgumentException: org.mailrack.smtp: max.recipients is 0, not from 1 to 1000
                        \tat org.mailrack.smtp.internal.X.<init>(X.java:7)
                        Caused by: java.lang.NumberFormatException: x
                        """)).isEqualTo("org.mailrack.smtp: max.recipients is 0, not from 1 to 1000");
    }

    @Test
    void anExceptionThatIsNotMadeToBeReadKeepsItsName() {
        assertThat(Failures.sentence("java.lang.NoClassDefFoundError: com/acme/X\n\tat y"))
                .isEqualTo("NoClassDefFoundError: com/acme/X");
        assertThat(Failures.sentence("java.lang.NullPointerException\n\tat y"))
                .isEqualTo("java.lang.NullPointerException");
    }

    @Test
    void onlyMachineryIsToldToo() {
        assertThat(Failures.sentence("org.osgi.service.component.ComponentException: cannot\n\tat y"))
                .isEqualTo("ComponentException: cannot");
    }
}
