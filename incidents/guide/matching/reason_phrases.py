"""What HTTP statuses are called, in the languages pages are offered in: a browser or a proxy says no more."""

_PHRASES = {
    "400": ("bad request", "ungültige anfrage", "fehlerhafte anfrage", "requête incorrecte", "mauvaise requête",
            "solicitud incorrecta", "petición incorrecta", "solicitação inválida", "requisição inválida",
            "不正なリクエスト", "错误的请求", "错误请求", "طلب غير صالح"),
    "401": ("unauthorized", "nicht autorisiert", "non autorisé", "no autorizado", "não autorizado", "認証が必要です",
            "未授权", "未经授权", "غير مصرح"),
    "402": ("payment required", "zahlung erforderlich", "paiement requis", "pago requerido", "pagamento necessário",
            "支払いが必要です", "需要付款", "الدفع مطلوب"),
    "403": ("forbidden", "verboten", "zugriff verweigert", "interdit", "accès refusé", "prohibido", "acceso denegado",
            "proibido", "acesso negado", "アクセスが拒否されました", "禁止访问", "拒绝访问", "محظور"),
    "404": ("not found", "nicht gefunden", "non trouvé", "introuvable", "no encontrado", "não encontrado",
            "見つかりません", "未找到", "غير موجود"),
    "409": ("conflict", "konflikt", "conflit", "conflicto", "conflito", "競合", "冲突", "تعارض"),
    "422": ("unprocessable entity", "unprocessable content", "nicht verarbeitbar", "entité non traitable",
            "entidad no procesable", "entidade não processável", "処理できないエンティティ", "无法处理的实体"),
    "429": ("too many requests", "zu viele anfragen", "trop de requêtes", "demasiadas solicitudes",
            "demasiadas peticiones", "muitas solicitações", "muitas requisições", "リクエストが多すぎます", "请求过多",
            "طلبات كثيرة جدا"),
    "500": ("internal server error", "interner serverfehler", "erreur interne du serveur", "error interno del servidor",
            "erro interno do servidor", "内部サーバーエラー", "内部服务器错误", "خطأ داخلي في الخادم"),
    "502": ("bad gateway", "fehlerhaftes gateway", "mauvaise passerelle", "puerta de enlace incorrecta",
            "gateway inválido", "不正なゲートウェイ", "错误的网关"),
    "503": ("service unavailable", "dienst nicht verfügbar", "service indisponible", "servicio no disponible",
            "serviço indisponível", "サービスを利用できません", "服务不可用", "الخدمة غير متوفرة"),
    "504": ("gateway timeout", "gateway zeitüberschreitung", "délai de la passerelle dépassé",
            "tiempo de espera de la puerta de enlace", "tempo limite do gateway",
            "ゲートウェイタイムアウト", "网关超时"),
}  # fmt: skip

STATUS_OF_PHRASE = {phrase: status for status, phrases in _PHRASES.items() for phrase in phrases}
"""Each name in small letters (RFC 9110, section 15; RFC 6585) and the status it is the name of."""
