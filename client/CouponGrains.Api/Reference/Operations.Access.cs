using CouponGrains.Api.Access;

namespace CouponGrains.Api.Reference;

/// <summary>Keys.</summary>
internal static partial class Operations
{
    private static IEnumerable<Operation> Guarding() =>
    [
        new("GET", "/v1/keys", "The keys without their secrets, in the order of their ids, page by page.")
        {
            Answer = typeof(Page<KeyView>), ExamplePath = "/v1/keys?limit=2",
            Query = [("user", "those of this user; without it those that are of no user"), .. Paged],
        },
        new("POST", "/v1/keys", "Makes a key; the answer holds its secret, and no other ever does.")
        {
            Body = typeof(NewKey), Answer = typeof(KeyView), Status = 201,
            Example = """{"name":"Checkout","scopes":["checkout:write","events:write"]}""",
        },
        new("POST", "/v1/keys/{id}/rotate", "Gives it a new secret; the one before stays good for a while.")
        {
            Body = typeof(KeyRotation), BodyRequired = false, Answer = typeof(KeyView), Codes = ["unknown_key"],
        },
        new("POST", "/v1/keys/{id}/revoke", "Takes it back for good.")
        {
            Answer = typeof(KeyView), Codes = ["unknown_key"],
        },
        new("POST", "/v1/users/{id}/keys", "Makes a client key of one user, for his browser or app, good for a while.")
        {
            Body = typeof(NewUserKey), BodyRequired = false, Answer = typeof(KeyView), Status = 201,
            Example = """{"lifetimeSeconds":900,"origins":["https://shop.example"]}""",
            ExamplePath = "/v1/users/ann/keys",
        },
    ];
}
