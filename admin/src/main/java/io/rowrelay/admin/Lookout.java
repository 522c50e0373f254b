package io.rowrelay.admin;

import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.command.Broker;
import io.rowrelay.admin.command.Database;
import io.rowrelay.admin.look.Views;
import io.rowrelay.admin.look.jdbc.DestinationLook;
import io.rowrelay.admin.look.jdbc.SourceLook;
import io.rowrelay.admin.look.kafka.TopicLook;

/** What a look at a stream is taken through: two databases and a broker, none of which has to be there. */
final class Lookout implements AutoCloseable {
    private final AdminSettings settings;
    private final Database source;
    private final Database destination;
    private final Broker kafka;
    private final LettersView letters;

    Lookout(AdminSettings settings) {
        this.settings = settings;
        this.source = Database.source(settings, Database.LOOK);
        this.destination = Database.destination(settings, Database.LOOK);
        this.kafka = new Broker(settings);
        this.letters = new LettersView(settings, destination);
    }

    Database source() {
        return source;
    }

    Database destination() {
        return destination;
    }

    Broker kafka() {
        return kafka;
    }

    Views views() {
        AdminSettings stream = settings;
        return new Views(
                new SourceLook(source, stream.stream().name(), stream.sourceTable(), stream.changeTable()),
                new TopicLook(kafka, stream.stream().topic(), stream.stream().deadLetterTopic(), settings.groupId()),
                new DestinationLook(destination, stream.stream().name()),
                letters);
    }

    @Override
    public void close() {
        source.close();
        destination.close();
        kafka.close();
        letters.close();
    }
}
