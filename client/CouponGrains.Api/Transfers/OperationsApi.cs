using CouponGrains.Api.Wire;
using CouponGrains.Contracts.Shop;
using CouponGrains.Contracts.Transfers;
using CouponGrains.Domain.Transfers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CouponGrains.Api.Transfers;

/// <summary>Long work on files: listed, watched, cancelled.</summary>
internal static class OperationsApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/operations", List);
        routes.MapGet("/operations/{id}", Show);
        routes.MapDelete("/operations/{id}", Cancel);
    }

    private static async Task<IResult> List(
        string? limit, string? cursor, IGrainFactory grains, CancellationToken cancel)
    {
        var (count, after) = Address.Page(limit, cursor);
        var found = await grains.GetGrain<IShopGrain>(0).Imports(after, count + 1, cancel);
        return Reply.Page([.. found.Select(OperationView.Of)], count, operation => operation.Id);
    }

    private static async Task<IResult> Show(string id, IGrainFactory grains, CancellationToken cancel) =>
        Reply.Of(await grains.GetGrain<IImportGrain>(Address.Id(id, "id")).Show(cancel), OperationView.Of);

    private static async Task<IResult> Cancel(string id, IGrainFactory grains, CancellationToken cancel) =>
        Reply.Of(await grains.GetGrain<IImportGrain>(Address.Id(id, "id")).Cancel(cancel), OperationView.Of);
}

/// <summary>Long work, as its starter sees it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind">What is imported.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Done">Lines done.</param>
/// <param name="Total">Lines of the file; 0 until it is there whole.</param>
/// <param name="Accepted">Lines taken in.</param>
/// <param name="Duplicate">Events that were recorded before with the same content.</param>
/// <param name="Refused">Lines that were not taken in.</param>
/// <param name="Errors">Why not, the first 1,000, in the order of the lines; none in a list.</param>
/// <param name="HasMoreErrors">True if there are more.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When it was done, cancelled or failed.</param>
internal sealed record OperationView(
    string Id, ImportKind Kind, ImportState State, long Done, long Total, long Accepted, long Duplicate, long Refused,
    IReadOnlyList<ImportFault> Errors, bool HasMoreErrors, DateTimeOffset StartedAt, DateTimeOffset? EndedAt)
{
    public static OperationView Of(FileImport import) => new(
        import.Id, import.Kind, import.State, import.Counts.Lines, import.Total, import.Counts.Accepted,
        import.Counts.Duplicate, import.Counts.Refused, import.Errors, import.Counts.Refused > import.Errors.Count,
        import.At, import.EndedAt);
}
