package io.rowrelay.it.chaos;

import io.rowrelay.it.chaos.Evidence.DeadLetter;
import io.rowrelay.it.chaos.Evidence.Effect;
import io.rowrelay.it.chaos.Evidence.Published;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What became of each published change: it took effect, or it is a dead letter, or a newer change of its key took effect.
 * A consumer skips a change only for a newer one that it applies with it or finds applied, so there is always such a newer
 * effect.
 */
final class Ledger {
    private static final String ONCE = "effect once and in order";
    private static final String ACCOUNT = "published = applied + superseded + dead-lettered";

    private final Evidence evidence;
    private final List<Finding> findings = new ArrayList<>();
    private final Map<Long, Effect> applied = new HashMap<>();
    private final Map<Integer, Long> newestEffect = new HashMap<>();
    private final Set<Long> deadLettered = new HashSet<>();
    private int superseded;

    Ledger(Evidence evidence) {
        this.evidence = evidence;
        evidence.effects().forEach(this::effect);
        Map<Evidence.Place, List<DeadLetter>> refused = evidence.deadLettersByOrigin();
        Map<Long, Integer> published = new HashMap<>();
        for (Published each : evidence.published()) {
            published.put(each.actionId(), each.key());
            if (refused.getOrDefault(each.place(), List.of()).stream().anyMatch(letter -> letter.isOf(each))) {
                deadLettered.add(each.actionId());
            }
        }
        published.forEach(this::account);
        applied.values().stream()
                .filter(effect -> !Integer.valueOf(effect.key()).equals(published.get(effect.actionId())))
                .forEach(
                        effect -> findings.add(new Finding(ACCOUNT, effect.key(), effect + " that was not published")));
    }

    private void effect(Effect effect) {
        if (applied.put(effect.actionId(), effect) != null) {
            findings.add(new Finding(ONCE, effect.key(), "twice: " + effect));
        }
        long before = newestEffect.getOrDefault(effect.key(), 0L);
        if (effect.actionId() <= before) {
            findings.add(new Finding(ONCE, effect.key(), effect + " after " + before));
        }
        newestEffect.merge(effect.key(), effect.actionId(), Math::max);
    }

    private void account(long actionId, int key) {
        boolean refused = deadLettered.contains(actionId);
        if (applied.containsKey(actionId)) {
            if (refused) {
                findings.add(new Finding(ACCOUNT, key, actionId + " took effect and is a dead letter"));
            }
        } else if (!refused) {
            superseded++;
            if (newestEffect.getOrDefault(key, 0L) < actionId) {
                findings.add(new Finding(
                        ACCOUNT, key, actionId + " had no effect, is no dead letter, and nothing newer took effect"));
            }
        }
    }

    List<Finding> findings() {
        return List.copyOf(findings);
    }

    @Override
    public String toString() {
        int distinct = applied.size() + superseded + deadLettered.size();
        return "%d captured; %d published (and %d times again) = %d applied + %d superseded + %d dead-lettered; %d garbage; %d dead letters"
                .formatted(
                        evidence.captured().size(),
                        distinct,
                        evidence.published().size() - distinct,
                        applied.size(),
                        superseded,
                        deadLettered.size(),
                        evidence.garbage().size(),
                        evidence.deadLetters().size());
    }
}
