package org.mailrack.example.subjecttag;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The settings of {@code etc/org.mailrack.example.subjecttag.cfg}. */
@ObjectClassDefinition(name = "Subject tag", description = "Puts a tag before the subject of every mail that comes in.")
public @interface SubjectTagConfig {

    @AttributeDefinition(name = "Tag", description = "What is put before the subject. Empty: nothing.")
    String tag() default "[tagged]";
}
