package org.mailrack.store.derby.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import org.mailrack.api.mail.Registration;
import org.mailrack.api.store.BackupPart;

/** A copy of the database for a backup, as it stands at a moment while it is written. */
final class DatabaseCopy implements BackupPart.Copy {

    private final Database database;
    private final Registration hold;

    DatabaseCopy(Database database, Registration hold) {
        this.database = database;
        this.hold = hold;
    }

    @Override
    public void write(Path data) throws IOException {
        Files.createDirectories(data);
        // The engine makes a folder there with the name of the database.
        database.run("back up", tx -> tx.update("CALL SYSCS_UTIL.SYSCS_BACKUP_DATABASE(?)", data.toString()));
        Files.writeString(
                data.resolve(Restored.MARK),
                "The database beside this file was restored from a backup, and was not opened since.\n",
                StandardCharsets.US_ASCII);
    }

    @Override
    public void close() {
        hold.close();
    }
}
