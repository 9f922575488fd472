package org.mailrack.example.subjecttag;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.Designate;

import org.mailrack.api.filter.FilterChain;
import org.mailrack.api.filter.HeaderEdit;
import org.mailrack.api.filter.IncomingMail;
import org.mailrack.api.filter.MessageFilter;
import org.mailrack.api.filter.Verdict;

/** Puts a tag before the subject, once: an answer to a tagged mail is left as it is. */
@Component(configurationPid = "org.mailrack.example.subjecttag", property = FilterChain.FILTER_NAME + "=subject-tag")
@Designate(ocd = SubjectTagConfig.class)
public final class SubjectTag implements MessageFilter {

    // Several mails are filtered at once, while the configuration may change.
    private volatile String tag;

    @Activate
    public SubjectTag(SubjectTagConfig config) {
        tag = checked(config.tag());
    }

    /** Called when the file in etc/ was changed; without this method the component would be restarted instead. */
    @Modified
    void modified(SubjectTagConfig config) {
        tag = checked(config.tag());
    }

    private static String checked(String tag) {
        if (tag.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("org.mailrack.example.subjecttag: tag has a control character");
        }
        return tag.strip();
    }

    @Override
    public Verdict message(IncomingMail mail) {
        String current = tag;
        // Decoded; the chain encodes what we give back, if it must be.
        String subject = mail.header("Subject").orElse("");
        if (current.isEmpty() || subject.contains(current)) {
            return Verdict.ACCEPT;
        }
        return Verdict.edit(new HeaderEdit.Set("Subject", (current + ' ' + subject).strip()));
    }
}
