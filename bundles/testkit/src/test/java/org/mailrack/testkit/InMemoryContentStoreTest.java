package org.mailrack.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.store.ContentStore;
import org.mailrack.api.store.ContentSurvey;
import org.mailrack.api.store.StoreException;

class InMemoryContentStoreTest extends ContentStoreContract {

    private final InMemoryContentStore store = new InMemoryContentStore();

    @Override
    protected ContentStore store() {
        return store;
    }

    @Test
    void whatNobodyNeedsIsFoundAndGivenBack() {
        ContentRef needed = commit(random(10));
        ContentRef orphan = commit(random(20));
        store.damage(needed);
        try (ContentSurvey survey = store.survey(new ContentSurvey.Options(Duration.ZERO, 0, Optional.empty()))) {
            survey.reference(needed, 10);
            assertThat(findings(survey))
                    .extracting(ContentSurvey.Finding::kind)
                    .containsExactlyInAnyOrder(ContentSurvey.Finding.Kind.DAMAGED, ContentSurvey.Finding.Kind.ORPHAN);
            assertThat(survey.reclaim(50)).isEqualTo(new ContentSurvey.Reclaimed(20, 1, 0, true));
        }
        assertThatThrownBy(() -> store.open(orphan))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.NOT_FOUND));
    }
}
