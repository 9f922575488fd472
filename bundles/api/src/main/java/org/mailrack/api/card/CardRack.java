package org.mailrack.api.card;

import java.util.List;

import org.osgi.annotation.versioning.ConsumerType;

/** Knows the cards of one kind, because it is the one that calls them. Called by several threads at once. */
@ConsumerType
public interface CardRack {

    /** The cards that are there and those that should be, by name. */
    List<Card> cards();
}
