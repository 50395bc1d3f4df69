using CouponGrains.Api.Transfers;

namespace CouponGrains.Api.Reference;

/// <summary>Files that are taken in and given out.</summary>
internal static partial class Operations
{
    private static IEnumerable<Operation> Transferring() =>
    [
        Import("events"),
        Import("items"),
        Import("users"),
        Export("events"),
        Export("items"),
        Export("users"),
        Export("coupons"),
        Export("redemptions"),
        Export("budgets"),
        new("GET", "/v1/operations", "Files that were taken up, the newest first, page by page.")
        {
            Answer = typeof(Page<OperationView>), Query = Paged, ExamplePath = "/v1/operations?limit=5",
        },
        Work("GET", "How far a file is, and why lines were refused."),
        Work("DELETE", "Cancels it; what was taken in stays."),
    ];

    private static Operation Work(string method, string summary) => new(method, "/v1/operations/{id}", summary)
    {
        Answer = typeof(OperationView), Codes = ["unknown_operation"],
    };

    private static Operation Import(string kind) =>
        new("POST", "/v1/imports/" + kind, $"Takes in a file of {kind} of any size, line by line; with Prefer: respond-async later.")
        {
            BodyMedia = [Lines.Json, Lines.Csv, ParquetRows.MediaType], Answer = typeof(ImportAnswer), MayBeLater = true,
            Query = [("from", "the first line to take in, from 1")],
            Codes = ["malformed_body", "unknown_field", "duplicate_field", "unsupported_media_type"],
        };

    private static Operation Export(string kind) => new("GET", "/v1/exports/" + kind, $"All {kind}, as a file.")
    {
        MediaType = Lines.Json, Query = [("format", "ndjson, csv or parquet; ndjson if left out")],
    };
}
