using CouponGrains.Contracts.Events;
using CouponGrains.Domain;
using CouponGrains.Domain.Events;

namespace CouponGrains.Grains.Events;

/// <summary>Answers to a batch of events: what is refused before the log, and what the log made of the rest.</summary>
internal static class EventDesk
{
    /// <summary>One answer for each event, in their order; those without a refusal go to the log.</summary>
    public static RecordAnswer[] Check(UserId user, IReadOnlyList<UserEvent> events, DateTimeOffset now)
    {
        var tooMany = events.Count > EventRules.BatchMax
            ? new Refusal(RefusalCodes.BatchTooLarge, $"A batch has at most {EventRules.BatchMax} events, but had {events.Count}.")
            : null;
        var answers = new RecordAnswer[events.Count];
        for (var i = 0; i < answers.Length; i++)
        {
            var e = events[i];
            var refusal = tooMany ?? (e.User == user ? EventRules.Check(e, now)
                : new Refusal(RefusalCodes.InvalidId, "The event is of another user.", "/user"));
            answers[i] = new(e.Id, null, refusal);
        }

        return answers;
    }

    /// <summary>Fills in what the log answered to the events without a refusal.</summary>
    public static void Fill(RecordAnswer[] answers, IReadOnlyList<AppendResult> results)
    {
        var next = 0;
        for (var i = 0; i < answers.Length; i++)
        {
            if (answers[i].Refusal is null)
            {
                var status = results[next++].Status;
                answers[i] = new(answers[i].Id, status, status == AppendStatus.Conflict
                    ? new Refusal(RefusalCodes.DuplicateOtherContent, "This event id is recorded with other content.", "/id")
                    : null);
            }
        }
    }
}
