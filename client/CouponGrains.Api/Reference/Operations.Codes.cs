using CouponGrains.Api.Campaigns;
using CouponGrains.Domain.Coupons;

namespace CouponGrains.Api.Reference;

/// <summary>The operations on codes.</summary>
internal static partial class Operations
{
    private static IEnumerable<Operation> Coding() =>
    [
        One("POST", "/codes", "Makes up to 10 million codes in advance, once for a name.", typeof(CodeBatch), null,
            typeof(CodesWanted)) with { Status = 202, Codes = ["unknown_campaign", "unknown_offer", "duplicate_other_content"] },
        One("GET", "/codes/{name}", "How far a batch of codes is.", typeof(CodeBatch)) with
        {
            Codes = ["unknown_batch"],
        },
        One("GET", "/codes/{name}/file", "The codes made so far, one a line.", null) with
        {
            MediaType = "text/plain", Codes = ["unknown_batch"],
        },
        One("POST", "/shared-codes", "Gives an offer a code that many users share, each of whom gets a coupon of his own.",
            typeof(SharedCode), null, typeof(SharedCodeWanted)) with
        {
            Status = 201, Codes = ["unknown_campaign", "unknown_offer", "duplicate_other_content"],
        },
        One("GET", "/shared-codes", "The codes that many users share, page by page.", typeof(Page<SharedCode>),
            "/v1/campaigns/autumn/shared-codes") with { Query = Paged, Codes = ["unknown_campaign"] },
    ];
}
