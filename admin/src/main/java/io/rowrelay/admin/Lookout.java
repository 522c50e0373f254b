package io.rowrelay.admin;

import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.look.Views;
import io.rowrelay.admin.look.jdbc.DestinationLook;
import io.rowrelay.admin.look.jdbc.ReadOnlyDatabase;
import io.rowrelay.admin.look.jdbc.SourceLook;
import io.rowrelay.admin.look.kafka.KafkaLook;
import io.rowrelay.admin.look.kafka.TopicLook;

/** What a look at a stream is taken through: two databases and a broker, none of which has to be there. */
final class Lookout implements AutoCloseable {
    private final AdminSettings settings;
    private final ReadOnlyDatabase source;
    private final ReadOnlyDatabase destination;
    private final KafkaLook kafka;
    private final LettersView letters;

    Lookout(AdminSettings settings) {
        AdminSettings stream = settings;
        this.settings = settings;
        this.source =
                new ReadOnlyDatabase("source", stream.source(), stream.stream().name(), stream.timeout());
        this.destination = new ReadOnlyDatabase(
                "destination", stream.destination(), stream.stream().name(), stream.timeout());
        this.kafka = new KafkaLook(stream.kafka(), stream.timeout());
        this.letters = new LettersView(stream, destination);
    }

    ReadOnlyDatabase source() {
        return source;
    }

    ReadOnlyDatabase destination() {
        return destination;
    }

    KafkaLook kafka() {
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
