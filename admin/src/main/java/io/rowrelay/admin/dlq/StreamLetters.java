package io.rowrelay.admin.dlq;

import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.command.Database;
import io.rowrelay.admin.dlq.ReplayForecast.Effect;
import io.rowrelay.admin.tables.RegisteredTable;
import io.rowrelay.admin.tables.RowKey;
import io.rowrelay.common.runtime.OutageException;
import java.util.List;
import java.util.Optional;

/**
 * The tables that the dead letters of a stream of many are about. An old change has no place among later ones there, so what is
 * sent again is the present state of its row.
 *
 * @param settings of the stream
 * @param tables those of the stream
 * @param source where the rows are
 * @param destination where they should be
 */
record StreamLetters(AdminSettings settings, List<RegisteredTable> tables, Database source, Database destination)
        implements Forecasts {
    StreamLetters {
        tables = List.copyOf(tables);
    }

    /** The table whose topic the rejected record was on, or was meant for. */
    Optional<RegisteredTable> table(DeadLetter letter) {
        String topic = letter.origin().topic();
        return tables.stream().filter(table -> table.topic().equals(topic)).findFirst();
    }

    /** Where the row of a letter is looked for; empty if the letter is of another stream. */
    Optional<RelatedRows> rows(DeadLetter letter) {
        return table(letter).map(table -> new RelatedRows(table.settings(settings), source, destination, false));
    }

    /** The key of the row that a letter is about; empty if it names none. */
    Optional<RowKey> key(DeadLetter letter) throws OutageException {
        Optional<RelatedRows> rows = rows(letter);
        Optional<String> text = Texts.utf8(letter.key());
        return rows.isEmpty() || text.isEmpty() ? Optional.empty() : rows.get().keyInSource(text.get());
    }

    @Override
    public ReplayForecast of(DeadLetter letter) throws OutageException {
        Optional<RegisteredTable> table = table(letter);
        if (table.isEmpty()) {
            return new ReplayForecast(
                    Effect.FOREIGN, letter.origin().topic() + "; run this with the settings of its stream");
        }
        String name = table.get().name();
        if (!table.get().keyed()) {
            return new ReplayForecast(
                    Effect.PRESENT_STATE, name + " has no key: how often each of its rows is there is compared");
        }
        return key(letter).isPresent()
                ? new ReplayForecast(Effect.PRESENT_STATE, "")
                : new ReplayForecast(Effect.NAMES_NO_ROW, "its key is no key of " + name + ": discard it");
    }
}
