package org.mailrack.store.derby.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.SQLException;

import org.junit.jupiter.api.Test;

import org.mailrack.api.store.StoreException;
import org.mailrack.api.store.StoreException.Kind;

class FailuresTest {

    @Test
    void aFullDiskIsNoSpaceHoweverDeepItIsTold() {
        SQLException full = new SQLException(
                "log", "08006", 45000, new SQLException("x", "XSDA4", new IOException("No space left on device")));
        assertThat(Failures.translate("append", full))
                .returns(Kind.NO_SPACE, StoreException::kind)
                .hasMessageStartingWith("append: no space left on disk");
    }

    @Test
    void aLostConnectionOrReadOnlyDatabaseIsUnavailable() {
        assertThat(Failures.kind(new SQLException("gone", "08003", 40000))).isEqualTo(Kind.UNAVAILABLE);
        assertThat(Failures.kind(new SQLException("read only", "25502", 30000))).isEqualTo(Kind.UNAVAILABLE);
        assertThat(Failures.kind(new SQLException("no state"))).isEqualTo(Kind.UNAVAILABLE);
    }

    @Test
    void aTakenNameExistsAndABrokenPageIsDamage() {
        assertThat(Failures.kind(new SQLException("duplicate", "23505", 30000))).isEqualTo(Kind.EXISTS);
        assertThat(Failures.kind(new SQLException("checksum", "XSDG2", 45000))).isEqualTo(Kind.DAMAGED);
    }

    @Test
    void onlyLockConflictsAreTriedAgain() {
        assertThat(Failures.isLockConflict(new SQLException("deadlock", "40001")))
                .isTrue();
        assertThat(Failures.isLockConflict(new SQLException("timeout", "40XL1")))
                .isTrue();
        assertThat(Failures.isLockConflict(new SQLException("duplicate", "23505")))
                .isFalse();
    }

    @Test
    void aConnectionIsThrownAwayWhenItIsGone() {
        assertThat(Failures.isFatal(new SQLException("gone", "08003", 40000))).isTrue();
        assertThat(Failures.isFatal(new SQLException("down", "XJ040", 45000))).isTrue();
        assertThat(Failures.isFatal(new SQLException("duplicate", "23505", 30000)))
                .isFalse();
    }
}
