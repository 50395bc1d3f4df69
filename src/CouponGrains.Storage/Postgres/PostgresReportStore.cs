using CouponGrains.Domain;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Reports;

namespace CouponGrains.Storage.Postgres;

/// <summary>Sums, made where the rows are. The log is read by its primary key, the days by theirs.</summary>
internal sealed class PostgresReportStore(PostgresDatabase database) : IReportStore
{
    public async Task<IReadOnlyList<KindCount>> Count(long after, long upTo, CancellationToken cancel) =>
        await database.Read(
            session => session.Patient().All(
                ReportQueries.Count("$1", "$2", "$3"),
                row => new KindCount(
                    new(row.GetString(0)), ReportQueries.Midnight(row.GetInt64(1)), (EventKind)row.GetInt32(2),
                    row.GetInt64(3), new(row.GetInt64(4), new(row.GetString(5)))),
                after, upTo, (int)EventKind.Issued),
            cancel);

    public async Task<IReadOnlyList<BudgetDay>> BudgetDays(CampaignId campaign, CancellationToken cancel) =>
        await database.Read(
            session => session.Patient().All(
                ReportQueries.BudgetDays("$1"),
                row => new BudgetDay(
                    ReportQueries.Midnight(row.GetInt32(0)), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)),
                campaign.Value),
            cancel);
}
