using CouponGrains.Contracts.Models;
using CouponGrains.Contracts.Reports;
using CouponGrains.Contracts.Webhooks;
using CouponGrains.Domain;
using CouponGrains.Domain.Models.Drift;
using CouponGrains.Domain.Webhooks;

namespace CouponGrains.Cli.Reports;

/// <summary>What asks for a person.</summary>
/// <param name="Bad">True if it is more than worth a look.</param>
/// <param name="What">What is wrong, and how much.</param>
/// <param name="Next">The command that tells more or mends it.</param>
internal sealed record Alarm(bool Bad, string What, string Next);

/// <summary>How the shop stands.</summary>
/// <param name="Courses">Of the active campaigns.</param>
/// <param name="Current">The model in force.</param>
/// <param name="Drift">How far the shop has moved.</param>
/// <param name="LastRun">The last training run.</param>
/// <param name="Waiting">Designed offers that wait for review, by campaign.</param>
/// <param name="Webhooks">The endpoints; none where the caller may not see them.</param>
internal sealed record Standing(
    IReadOnlyList<BudgetCourse> Courses, ModelVersion Current, DriftReport Drift, TrainingRun? LastRun,
    IReadOnlyList<(CampaignId Campaign, int Offers)> Waiting, IReadOnlyList<WebhookView> Webhooks);

/// <summary>The alarms of the console's page of today, the worst first.</summary>
internal static class Alarms
{
    private const double MuchUsed = 0.8;

    public static IReadOnlyList<Alarm> Of(Standing now) =>
    [
        .. now.Courses.SelectMany(OfBudget).Concat(OfModels(now)).Concat(OfWebhooks(now.Webhooks))
            .Concat(now.Waiting.Where(w => w.Offers > 0).Select(w => new Alarm(
                false, $"{w.Campaign}: {w.Offers} designed offers wait for review.",
                $"coupons offers list {w.Campaign}")))
            .OrderByDescending(alarm => alarm.Bad),
    ];

    private static IEnumerable<Alarm> OfBudget(BudgetCourse course)
    {
        var (id, use) = (course.Campaign.Id, course.Use);
        var used = use.Limit.Minor > 0 ? (double)use.Spent.Minor / use.Limit.Minor : 0;
        var next = $"coupons campaign course {id}";
        if (used >= 1)
        {
            yield return new(true, $"{id}: the budget is used up.", next);
            yield break;
        }

        if (used >= MuchUsed)
        {
            yield return new(false, $"{id}: {100 * used:F0} % of the budget is used.", next);
        }

        if (course.Forecast.ExhaustedOn is { } day && day < course.Campaign.End)
        {
            yield return new(false, $"{id}: the budget is expected to be used up on {day:yyyy-MM-dd}.", next);
        }
    }

    private static IEnumerable<Alarm> OfModels(Standing now)
    {
        if (now.Current == ModelVersion.None)
        {
            yield return new(false, "No model is in force: offers are ranked by popularity.", "coupons train");
        }

        if (now.Drift.Days is [{ Level: DriftLevel.Watch or DriftLevel.Moved } today, ..])
        {
            yield return new(
                today.Level == DriftLevel.Moved,
                $"Behaviour has moved from what the model was trained on: {today.Level}.", "coupons models drift");
        }

        if (now.LastRun is { State: TrainingState.Failed or TrainingState.HeldBack } run)
        {
            yield return new(
                run.State == TrainingState.Failed, $"Training run {run.Run}: {run.State}. {run.Refusal?.Detail}",
                "coupons train list");
        }
    }

    private static IEnumerable<Alarm> OfWebhooks(IEnumerable<WebhookView> endpoints) => endpoints
        .Where(one => one.Status == WebhookStatus.Disabled || one.FailingSince is not null)
        .Select(one => one.Status == WebhookStatus.Disabled
            ? new Alarm(
                true, $"The endpoint {one.Id} is disabled: nothing arrived.", $"coupons webhooks enable {one.Id}")
            : new Alarm(
                false, $"The endpoint {one.Id} has not answered since {one.FailingSince:u}.",
                $"coupons webhooks deliveries {one.Id}"));
}
