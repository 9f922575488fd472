package org.mailrack.example.subjecttag;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.annotation.Annotation;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import org.mailrack.api.filter.Client;
import org.mailrack.api.filter.HeaderEdit;
import org.mailrack.api.filter.IncomingMail;
import org.mailrack.api.filter.Verdict;
import org.mailrack.api.mail.Content;
import org.mailrack.api.mail.Envelope;
import org.mailrack.api.mail.Header;
import org.mailrack.api.mail.MailId;

class SubjectTagTest {

    @Test
    void tagsTheSubject() {
        SubjectTag filter = new SubjectTag(config("[tagged]"));
        assertEquals(subject("[tagged] Lunch?"), filter.message(mail("Lunch?")));
        assertEquals(subject("[tagged] Grüße"), filter.message(mail("Grüße")));
    }

    @Test
    void givesAMailWithoutSubjectOne() {
        assertEquals(subject("[tagged]"), new SubjectTag(config("[tagged]")).message(mail(null)));
    }

    @Test
    void tagsNothingTwice() {
        assertEquals(Verdict.ACCEPT, new SubjectTag(config("[tagged]")).message(mail("Re: [tagged] Lunch?")));
    }

    @Test
    void takesANewTagWhileItRuns() {
        SubjectTag filter = new SubjectTag(config("[old]"));
        filter.modified(config("[new]"));
        assertEquals(subject("[new] Lunch?"), filter.message(mail("Lunch?")));
        filter.modified(config(""));
        assertEquals(Verdict.ACCEPT, filter.message(mail("Lunch?")));
    }

    @Test
    void refusesATagThatIsNoneByName() {
        Exception e = assertThrows(IllegalArgumentException.class, () -> new SubjectTag(config("a\nb")));
        assertEquals("org.mailrack.example.subjecttag: tag has a control character", e.getMessage());
    }

    private static Verdict subject(String text) {
        return Verdict.edit(new HeaderEdit.Set("Subject", text));
    }

    private static SubjectTagConfig config(String tag) {
        return new SubjectTagConfig() {
            @Override
            public String tag() {
                return tag;
            }

            @Override
            public Class<? extends Annotation> annotationType() {
                return SubjectTagConfig.class;
            }
        };
    }

    private static IncomingMail mail(String subject) {
        return new IncomingMail() {
            @Override
            public Optional<String> header(String name) {
                return name.equalsIgnoreCase("Subject") ? Optional.ofNullable(subject) : Optional.empty();
            }

            @Override
            public List<Header> headers() {
                throw new UnsupportedOperationException();
            }

            @Override
            public MailId id() {
                throw new UnsupportedOperationException();
            }

            @Override
            public Client client() {
                throw new UnsupportedOperationException();
            }

            @Override
            public Envelope envelope() {
                throw new UnsupportedOperationException();
            }

            @Override
            public Content content() {
                throw new UnsupportedOperationException();
            }
        };
    }
}
